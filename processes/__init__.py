"""BPMN processes: definitions, instances and steps; an engine without a will of its own."""
