// What ajv says: each line is {schema, texts}, each answer a line of "1" and "0", one for each text.

import Ajv from "ajv";
import { createInterface } from "node:readline";

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
    const { schema, texts } = JSON.parse(line);
    const ajv = new Ajv({
        strict: false,
        unicodeRegExp: true,
        validateFormats: false,
        ignoreKeywordsWithRef: true,
        ownProperties: true,
        logger: false,
    });
    const validate = ajv.compile(schema);
    console.log(texts.map((text) => (validate(JSON.parse(text)) ? "1" : "0")).join(""));
}
