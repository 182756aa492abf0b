import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from common import crypto, keyrings
from common.crypto import SealBroken, UnknownKey

CONTEXT = b"reporter:17:email"


def key_of(byte: int) -> str:
    return base64.b64encode(bytes([byte]) * 32).decode()


OLD, NEW = key_of(1), key_of(2)


@pytest.fixture(autouse=True)
def _one_key(settings):
    settings.MASTER_KEYS = {"2026": OLD}


def test_seal_returns_the_plaintext_to_the_same_context():
    blob = crypto.seal("Grüße".encode(), context=CONTEXT)

    assert crypto.unseal(blob, context=CONTEXT) == "Grüße".encode()
    assert "Grüße".encode() not in blob


def test_seal_of_the_same_plaintext_differs_each_time():
    assert crypto.seal(b"same", context=CONTEXT) != crypto.seal(b"same", context=CONTEXT)


def test_unseal_takes_what_the_database_hands_out():
    blob = crypto.seal(b"", context=CONTEXT)

    assert crypto.unseal(memoryview(blob), context=CONTEXT) == b""


def test_unseal_in_another_context_is_refused():
    blob = crypto.seal(b"anna@example.org", context=CONTEXT)

    with pytest.raises(SealBroken):
        crypto.unseal(blob, context=b"reporter:18:email")


def test_a_byte_moved_between_header_and_context_is_refused():
    blob = crypto.encrypt_with(bytes(32), b"secret", context=b"\x01a")

    with pytest.raises(SealBroken):
        crypto.decrypt_with(bytes(32), blob, context=b"a")


def test_unseal_refuses_every_single_changed_byte():
    blob = crypto.seal(b"anna@example.org", context=CONTEXT)

    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 0x01
        with pytest.raises((SealBroken, UnknownKey)):
            crypto.unseal(bytes(changed), context=CONTEXT)


def test_unseal_refuses_every_cut():
    blob = crypto.seal(b"anna@example.org", context=CONTEXT)

    for length in range(len(blob)):
        with pytest.raises((SealBroken, UnknownKey)):
            crypto.unseal(blob[:length], context=CONTEXT)


@given(blob=st.binary(max_size=80))
def test_unseal_of_any_bytes_fails_in_a_known_way(blob):
    with pytest.raises((SealBroken, UnknownKey)):
        crypto.unseal(blob, context=CONTEXT)


def test_unseal_reads_the_older_key_and_seal_writes_the_current_one(settings):
    before = crypto.seal(b"before", context=CONTEXT)
    settings.MASTER_KEYS = {"2027": NEW, "2026": OLD}
    after = crypto.seal(b"after", context=CONTEXT)

    assert crypto.unseal(before, context=CONTEXT) == b"before"
    assert after[:6] == b"\x01\x042027"


def test_unseal_with_a_removed_key_names_the_missing_id(settings):
    blob = crypto.seal(b"before", context=CONTEXT)
    settings.MASTER_KEYS = {"2027": NEW}

    with pytest.raises(UnknownKey, match=r"^No master key '2026' is configured\.$"):
        crypto.unseal(blob, context=CONTEXT)


def test_unseal_with_another_key_under_the_same_id_is_refused(settings):
    blob = crypto.seal(b"before", context=CONTEXT)
    settings.MASTER_KEYS = {"2026": NEW}

    with pytest.raises(SealBroken):
        crypto.unseal(blob, context=CONTEXT)


def test_data_key_is_wrapped_under_every_master_key(settings):
    settings.MASTER_KEYS = {"2027": NEW, "2026": OLD}

    key, wrapped = crypto.new_data_key()

    assert list(wrapped) == ["2027", "2026"]
    assert len(key) == 32
    assert crypto.open_data_key(wrapped) == key


@pytest.mark.parametrize("kept", [{"2027": NEW}, {"2026": OLD}])
def test_data_key_opens_after_either_master_key_is_lost(settings, kept):
    settings.MASTER_KEYS = {"2027": NEW, "2026": OLD}
    key, wrapped = crypto.new_data_key()

    settings.MASTER_KEYS = kept

    assert crypto.open_data_key(wrapped) == key


def test_data_key_opens_by_the_second_wrapping_when_the_first_is_broken(settings):
    settings.MASTER_KEYS = {"2027": NEW, "2026": OLD}
    key, wrapped = crypto.new_data_key()

    assert crypto.open_data_key(wrapped | {"2027": "not base64!"}) == key
    assert (
        crypto.open_data_key(wrapped | {"2027": base64.b64encode(os.urandom(61)).decode()}) == key
    )


def test_data_key_with_every_wrapping_broken_is_refused():
    _, wrapped = crypto.new_data_key()

    with pytest.raises(SealBroken):
        crypto.open_data_key({"2026": wrapped["2026"][:-8]})


def test_data_key_of_a_wrapping_put_under_another_id_is_refused(settings):
    _, wrapped = crypto.new_data_key()
    settings.MASTER_KEYS = {"2027": OLD}

    with pytest.raises(SealBroken):
        crypto.open_data_key({"2027": wrapped["2026"]})


def test_data_key_without_any_configured_master_key_names_the_ids(settings):
    _, wrapped = crypto.new_data_key()
    settings.MASTER_KEYS = {"2027": NEW}

    with pytest.raises(UnknownKey, match=r"^None of the master keys \['2026'\] is configured.$"):
        crypto.open_data_key(wrapped)


def test_rewrap_moves_to_the_configured_keys_and_keeps_what_was_encrypted(settings):
    key, wrapped = crypto.new_data_key()
    blob = crypto.encrypt_with(key, b"anna@example.org", context=CONTEXT)

    settings.MASTER_KEYS = {"2027": NEW, "2026": OLD}
    rewrapped = crypto.rewrap(wrapped)
    settings.MASTER_KEYS = {"2027": NEW}

    assert list(rewrapped) == ["2027", "2026"]
    reopened = crypto.open_data_key(rewrapped)
    assert crypto.decrypt_with(reopened, blob, context=CONTEXT) == b"anna@example.org"


def test_decrypt_with_another_persons_key_is_refused():
    mine, _ = crypto.new_data_key()
    theirs, _ = crypto.new_data_key()
    blob = crypto.encrypt_with(mine, b"anna@example.org", context=CONTEXT)

    with pytest.raises(SealBroken):
        crypto.decrypt_with(theirs, blob, context=CONTEXT)


def test_decrypt_with_refuses_changed_cut_and_moved_bytes():
    key, _ = crypto.new_data_key()
    blob = crypto.encrypt_with(key, b"anna@example.org", context=CONTEXT)

    for broken in (blob[:-1], blob[:20], b"", blob[:-1] + bytes([blob[-1] ^ 1])):
        with pytest.raises(SealBroken):
            crypto.decrypt_with(key, broken, context=CONTEXT)
    with pytest.raises(SealBroken):
        crypto.decrypt_with(key, blob, context=b"reporter:17:phone")


def test_a_wrapping_is_no_sealed_blob(settings):
    _, wrapped = crypto.new_data_key()

    with pytest.raises(SealBroken):
        crypto.unseal(base64.b64decode(wrapped["2026"]), context=b"2026")


@pytest.mark.parametrize("key", ["c2hvcnQ=", key_of(7) + "AAAA", "no base64 at all", ""])
def test_a_key_of_wrong_length_is_named_but_never_shown(settings, key):
    settings.MASTER_KEYS = {"2026": OLD, "2025": key}

    with pytest.raises(ImproperlyConfigured) as refusal:
        crypto.seal(b"", context=CONTEXT)

    assert str(refusal.value) == "MASTER_KEYS: the key '2025' must be 32 bytes in base64."


def test_an_empty_ring_is_refused(settings):
    settings.MASTER_KEYS = {}

    with pytest.raises(ImproperlyConfigured, match=r"^MASTER_KEYS is empty"):
        crypto.seal(b"", context=CONTEXT)


@pytest.mark.parametrize("key_id", ["", "a:b", "ä", "x" * 21, "a,b"])
def test_a_key_id_that_cannot_travel_is_refused(settings, key_id):
    settings.MASTER_KEYS = {key_id: OLD}

    with pytest.raises(ImproperlyConfigured, match=r"^MASTER_KEYS: the id "):
        crypto.seal(b"", context=CONTEXT)


def test_digest_keeps_purposes_apart():
    assert keyrings.digest(bytes(32), "a", "b") != keyrings.digest(bytes(32), "ab", "")
    assert len(keyrings.digest(bytes(32), "a", "b")) == 32
