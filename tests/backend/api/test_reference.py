from backend.api.reference import SECTIONS, Value, marked, sections_of
from backend.api.schema import described


def described_by(schema, **schemas):
    """A description of one operation that answers what a schema says."""
    return {
        "components": {"schemas": schemas},
        "paths": {
            "/api/v1/lamps/": {
                "get": {
                    "operationId": "lamps",
                    "summary": "Lamps",
                    "tags": ["tickets"],
                    "security": [{"apiKey": ["tickets:read"]}, {"cookieAuth": []}],
                    "parameters": [
                        {"in": "query", "name": "lit", "schema": {"type": "boolean"}},
                        {
                            "in": "path",
                            "name": "street",
                            "schema": {"type": "integer", "minimum": 1, "maximum": 9},
                            "required": True,
                        },
                    ],
                    "responses": {"200": {"content": {"application/json": {"schema": schema}}}},
                }
            }
        },
    }


def answered(schema, **schemas):
    ((section,),) = ([one.operations for one in sections_of(described_by(schema, **schemas))],)
    return [(one.name, one.kind) for one in section[0].answers[0].content.values]


def test_an_operation_says_who_may_and_with_what():
    (section,) = sections_of(described_by({"type": "object"}))
    (operation,) = section.operations

    assert (operation.method, operation.path) == ("GET", "/api/v1/lamps/")
    assert (operation.scope, operation.proofs) == ("tickets:read", ["apiKey", "cookieAuth"])
    assert operation.parameters == [
        Value("street", "integer, ≥ 1, ≤ 9", "", required=True),
        Value("lit", "boolean", ""),
    ]


def test_objects_and_lists_are_unfolded_by_reference():
    lamp = {
        "type": "object",
        "properties": {
            "key": {"type": "string", "maxLength": 50},
            "place": {"oneOf": [{"$ref": "#/components/schemas/Place"}, {"type": "null"}]},
        },
    }
    place = {"type": "object", "properties": {"lat": {"type": ["number", "null"]}}}
    page = {
        "type": "object",
        "properties": {
            "results": {"type": "array", "items": {"$ref": "#/components/schemas/Lamp"}}
        },
    }

    assert answered(page, Lamp=lamp, Place=place) == [
        ("results", "list of object"),
        ("results[].key", "string, length ≤ 50"),
        ("results[].place", "object or null"),
        ("results[].place.lat", "number or null"),
    ]


def test_choices_are_written_out():
    colours = {"enum": ["red", "green"], "type": "string"}
    lamp = {
        "type": "object",
        "properties": {
            "colour": {"$ref": "#/components/schemas/Colour"},
            "at": {"type": "string", "format": "date"},
        },
    }

    assert answered(lamp, Colour=colours) == [("colour", '"red" | "green"'), ("at", "date")]


def test_what_holds_itself_ends_somewhere():
    tree = {
        "type": "object",
        "properties": {"below": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}},
    }

    assert len(answered(tree, Tree=tree)) == 4


def test_every_tag_of_ours_has_a_section():
    tags = {
        tag
        for methods in described("en")["paths"].values()
        for one in methods.values()
        for tag in one["tags"]
    }

    assert tags == set(SECTIONS)


def test_texts_are_safe_and_their_code_is_marked():
    assert marked("Say `a < b` & go.") == "Say <code>a &lt; b</code> &amp; go."


def test_lists_of_choices_are_left_to_the_kind():
    assert marked("Default: red.\n\n* `red` - Red\n* `green` - Green") == "Default: red."
