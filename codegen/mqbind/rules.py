"""The rules behind diagnostics. An id and its name never change, and are never given to another
rule; docs/diagnostics.md explains each of them."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from importlib import resources
from pathlib import Path

PAGE = "docs/diagnostics.md"
_PACKAGED = "diagnostics.md"
_HEADING = re.compile(r"^### (\S+) .+$", re.MULTILINE)
_END = re.compile(r"^#{2,3} ", re.MULTILINE)


class Rule(Enum):
    """What kind of mistake a diagnostic is about. The value is the id."""

    # 1xx: JSON Schema
    UNKNOWN_KEYWORD = "MQB101"
    INEFFECTIVE_KEYWORD = "MQB102"
    INVALID_KEYWORD_VALUE = "MQB103"
    SCHEMA_NOT_AN_OBJECT = "MQB104"
    MISSING_TYPE = "MQB105"
    CIRCULAR_SCHEMA = "MQB106"
    UNSATISFIABLE_SCHEMA = "MQB107"
    EMPTY_RANGE = "MQB108"
    DUPLICATE_ENUM_VALUE = "MQB109"
    INVALID_ENUM_VALUE = "MQB110"
    REQUIRED_BUT_FORBIDDEN = "MQB111"
    CLOSED_COMPOSITION = "MQB112"
    VALUE_VIOLATES_SCHEMA = "MQB113"
    INVALID_PATTERN = "MQB114"
    UNSUPPORTED_PATTERN = "MQB115"
    UNSENDABLE_VALUE = "MQB116"
    REQUIRED_BUT_UNDEFINED = "MQB117"
    DROPPED_MEMBERS = "MQB118"
    UNKNOWN_DIALECT = "MQB119"
    UNSUPPORTED_KEYWORD = "MQB120"
    TOO_MANY_BRANCHES = "MQB121"

    # 2xx: AsyncAPI
    NOT_ASYNCAPI = "MQB201"
    UNSUPPORTED_VERSION = "MQB202"
    UNKNOWN_FIELD = "MQB203"
    MISSING_FIELD = "MQB204"
    INVALID_FIELD_VALUE = "MQB205"
    NO_MQTT_SERVER = "MQB206"
    UNKNOWN_SERVER = "MQB207"
    DIFFERENT_PATHNAMES = "MQB208"
    UNSERVED_CHANNEL = "MQB209"
    INLINE_CHANNEL = "MQB210"
    UNKNOWN_CHANNEL = "MQB211"
    UNLISTED_CHANNEL = "MQB212"
    NO_MESSAGES = "MQB213"
    MESSAGE_NOT_IN_CHANNEL = "MQB214"
    AMBIGUOUS_MESSAGES = "MQB215"
    UNSUPPORTED_SCHEMA_FORMAT = "MQB216"
    UNSUPPORTED_HEADERS = "MQB217"
    UNSUPPORTED_BINDING = "MQB218"
    WILL_WITHOUT_TOPIC = "MQB219"
    INVALID_EXPRESSION = "MQB220"
    INVALID_POINTER = "MQB221"
    UNUSABLE_CORRELATION_ID = "MQB222"
    UNUSED_REPLY_ADDRESS = "MQB223"
    UNSUPPORTED_CONTENT_TYPE = "MQB224"
    UNSUPPORTED_TEXT = "MQB225"
    UNUSABLE_DELETION = "MQB226"
    MISPLACED_BINDING = "MQB227"
    UNCORRELATED_REPLY = "MQB228"
    NO_OPERATIONS = "MQB229"

    # 3xx: topics
    INVALID_ADDRESS = "MQB301"
    WILDCARD_IN_ADDRESS = "MQB302"
    RESERVED_TOPIC = "MQB303"
    ADDRESS_TOO_LONG = "MQB304"
    STRAY_BRACE = "MQB305"
    UNNAMED_PARAMETER = "MQB306"
    ADJACENT_PARAMETERS = "MQB307"
    UNDECLARED_PARAMETER = "MQB308"
    UNUSED_PARAMETER = "MQB309"
    REPEATED_PARAMETER = "MQB310"
    MULTI_LEVEL_NOT_LAST = "MQB311"
    UNUSABLE_PARAMETER_VALUE = "MQB312"
    VALUE_NOT_IN_ENUM = "MQB313"
    UNSUPPORTED_PARAMETER_LOCATION = "MQB314"
    CONFLICTING_PARAMETERS = "MQB315"
    OVERLAPPING_ADDRESSES = "MQB316"
    AMBIGUOUS_PARAMETER_VALUE = "MQB317"
    REPEATED_VARIABLE = "MQB318"
    PARAMETER_SCHEMA = "MQB319"
    EMPTY_FIRST_LEVEL = "MQB320"

    # 4xx: names in C
    NAME_CLASH = "MQB401"
    RESERVED_PREFIX = "MQB402"
    SIMILAR_CONSTANTS = "MQB403"

    # 5xx: extension keys
    UNKNOWN_EXTENSION_KEY = "MQB501"
    MISPLACED_EXTENSION_KEY = "MQB502"
    INVALID_EXTENSION_VALUE = "MQB503"
    INEFFECTIVE_EXTENSION_KEY = "MQB504"
    ENUM_NAMES_MISMATCH = "MQB505"
    STORAGE_WITHOUT_LIMIT = "MQB506"
    TYPE_TOO_SMALL = "MQB507"
    MISSING_INTEGER_PATTERN = "MQB508"
    INVALID_INTEGER_PATTERN = "MQB509"
    UNKNOWN_MEMBER = "MQB510"
    MISPLACED_SEND_RULE = "MQB511"
    PEER_IS_OWN_ROLE = "MQB512"
    DEFAULT_OUTSIDE_TYPE = "MQB513"
    QOS_OUTSIDE_CHOICE = "MQB514"

    # 6xx: files, references and overlays
    UNREADABLE_FILE = "MQB601"
    OUTSIDE_ROOT = "MQB602"
    NOT_UTF8 = "MQB603"
    UNRESOLVED_REFERENCE = "MQB611"
    CIRCULAR_REFERENCE = "MQB612"
    INVALID_REFERENCE = "MQB613"
    REMOTE_REFERENCE = "MQB614"
    REFERENCE_SIBLINGS = "MQB615"
    UNSUPPORTED_OVERLAY_VERSION = "MQB621"
    INVALID_OVERLAY_ACTION = "MQB622"
    OVERLAY_TARGET_NOT_FOUND = "MQB623"

    # 7xx: limits
    DOCUMENT_TOO_LARGE = "MQB701"
    FILE_TOO_LARGE = "MQB702"
    NESTED_TOO_DEEPLY = "MQB703"
    TOO_MANY_ALIASES = "MQB704"
    TOO_MANY_PARAMETERS = "MQB705"
    TOO_MANY_OVERLAPS = "MQB706"
    TOO_MANY_ALTERNATIVES = "MQB707"
    OBJECT_TOO_LARGE = "MQB708"
    NUMBER_OUT_OF_RANGE = "MQB709"
    PATTERN_TOO_COMPLEX = "MQB710"
    UNCHECKED_VALUE = "MQB711"
    TOO_MANY_FINDINGS = "MQB712"

    # 8xx: YAML and JSON
    INVALID_SYNTAX = "MQB801"
    EMPTY_FILE = "MQB802"
    MULTIPLE_DOCUMENTS = "MQB803"
    FORBIDDEN_CHARACTER = "MQB804"
    DUPLICATE_KEY = "MQB805"
    INVALID_KEY = "MQB806"
    MERGE_KEY = "MQB807"
    UNSUPPORTED_TAG = "MQB808"
    UNDEFINED_ALIAS = "MQB809"
    RECURSIVE_ALIAS = "MQB810"
    NOT_A_JSON_NUMBER = "MQB811"

    @property
    def id(self) -> str:
        return self.value

    @property
    def slug(self) -> str:
        """Its name in words: "unknown-keyword"."""
        return self.name.lower().replace("_", "-")

    @property
    def page(self) -> str:
        """Where it is explained."""
        return f"{PAGE}#{self.id.lower()}-{self.slug}"

    def __str__(self) -> str:
        return f"{self.id} {self.slug}"


def explanation(rule: Rule) -> str:
    """What the page says about the rule: Markdown, starting with the heading."""
    text = _page()
    headings = {found[1]: found for found in _HEADING.finditer(text)}
    start = headings[rule.id].start()
    end = _END.search(text, headings[rule.id].end())
    return text[start : end.start() if end else None].strip()


@cache
def _page() -> str:
    """Inside the installed package, or else in the repository's docs/."""
    packaged = resources.files("mqbind").joinpath(_PACKAGED)
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    return (Path(__file__).resolve().parents[2] / PAGE).read_text(encoding="utf-8")
