// Makes generated/types.ts from schema.graphql and operations/*.graphql. Plugins are called directly: their command line brings three hundred packages.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { codegen } from "@graphql-codegen/core";
import * as typedDocumentNode from "@graphql-codegen/typed-document-node";
import * as typescript from "@graphql-codegen/typescript";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

// Numbers with a fraction, 64-bit integers, instants and days are strings on the wire; what a program makes of them is its own choice.
const config = {
  scalars: { Decimal: "string", BigInt: "string", Quantity: "number", DateTime: "string", Date: "string", Time: "string", JSON: "unknown" },
  strictScalars: true,
  enumsAsTypes: true,
  skipTypename: true,
  useTypeImports: true,
  avoidOptionals: { field: true, object: true, inputValue: false, defaultValue: false },
};

const read = (path) => readFile(new URL(path, import.meta.url), "utf8");
const names = (await readdir(new URL("operations", import.meta.url))).filter((name) => name.endsWith(".graphql")).sort();
const documents = await Promise.all(
  names.map(async (name) => ({ location: `operations/${name}`, document: parse(await read(`operations/${name}`)) })),
);
const output = await codegen({
  filename: "generated/types.ts",
  schema: parse(await read("schema.graphql")),
  documents,
  config,
  plugins: [{ typescript: {} }, { operations: {} }, { typedDocumentNode: {} }],
  pluginMap: { typescript, operations, typedDocumentNode },
});
await writeFile(new URL("generated/types.ts", import.meta.url), `// Made by \`make schema\` from schema.graphql and operations/. Do not edit.\n${output}`);
