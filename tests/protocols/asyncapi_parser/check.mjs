// Reads AsyncAPI documents with AsyncAPI's own parser: node check.mjs FILE...
// Prints each finding as file:line:column and ends with 1 if there is an error, or a warning about
// a document of version 3.
import { readFile } from "node:fs/promises";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

function word(severity) {
  if (severity === DiagnosticSeverity.Error) return "error";
  return severity === DiagnosticSeverity.Warning ? "warning" : "note";
}

function describe(file, { range, severity, message, code }) {
  const { line, character } = range.start;
  return `${file}:${line + 1}:${character + 1}: ${word(severity)}: ${message} (${code})`;
}

async function passes(file) {
  const text = await readFile(file, "utf8");
  // A parser keeps what other files refer to, and mixes it up.
  const { document, diagnostics } = await new Parser().parse(text, { source: file });
  for (const finding of diagnostics) console.log(describe(file, finding));
  // For version 2 most warnings are about style: a contact, tags, an id for everything.
  const harmless = document?.version().startsWith("2.") ? ["note", "warning"] : ["note"];
  return document !== undefined && diagnostics.every((one) => harmless.includes(word(one.severity)));
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node check.mjs FILE...");
  process.exit(2);
}
for (const file of files) {
  if (!(await passes(file))) process.exitCode = 1;
}
