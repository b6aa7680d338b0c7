// Converts AsyncAPI 2 with AsyncAPI's own converter: node convert.mjs VERSION FILE FILE...
// Replaces each file, a document in JSON, by one of that version.
import { readFile, writeFile } from "node:fs/promises";
import { convert } from "@asyncapi/converter";

const [version, ...files] = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node convert.mjs VERSION FILE FILE...");
  process.exit(2);
}
// The described application receives what clients publish.
const options = { v2tov3: { pointOfView: "application" } };
for (const file of files) {
  const document = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify(convert(document, version, options), null, 1));
}
