// What ajv says: each line is {schema, texts}, each answer a line of "1" and "0", one for each text.

import Ajv from "ajv";
import Ajv2019 from "ajv/dist/2019.js";
import Ajv2020 from "ajv/dist/2020.js";
import { createInterface } from "node:readline";

// By the draft that a schema declares. Up to draft-07, keywords next to `$ref` are ignored.
function kind({ $schema = "" }) {
    if ($schema.includes("/2020-12/")) return [Ajv2020, false];
    return $schema.includes("/2019-09/") ? [Ajv2019, false] : [Ajv, true];
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { schema, texts } = JSON.parse(line);
    const [Kind, ignoreKeywordsWithRef] = kind(schema);
    const ajv = new Kind({
        strict: false,
        unicodeRegExp: true,
        validateFormats: false,
        ignoreKeywordsWithRef,
        ownProperties: true,
        logger: false,
    });
    const validate = ajv.compile(schema);
    console.log(texts.map((text) => (validate(JSON.parse(text)) ? "1" : "0")).join(""));
}
