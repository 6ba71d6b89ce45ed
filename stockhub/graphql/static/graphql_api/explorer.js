// The explorer: one operation at a time against this address, with the session of the page. Everything shown goes in as text.
"use strict";

const element = (id) => document.getElementById(id);
const token = document.querySelector("[name=csrfmiddlewaretoken]").value;

async function send(query, variables) {
  const response = await fetch(window.location.pathname, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ query, variables }),
  });
  return response.json();
}

async function run() {
  const result = element("result");
  try {
    const answer = await send(element("query").value, JSON.parse(element("variables").value || "{}"));
    result.textContent = JSON.stringify(answer, null, 2);
  } catch (error) {
    result.textContent = String(error);
  }
}

const typeName = (type) =>
  type.kind === "NON_NULL" ? `${typeName(type.ofType)}!` : type.kind === "LIST" ? `[${typeName(type.ofType)}]` : type.name;

function describe(fields, list) {
  for (const field of fields) {
    const term = document.createElement("dt");
    const args = field.args.map((arg) => `${arg.name}: ${typeName(arg.type)}`).join(", ");
    term.textContent = `${field.name}${args ? `(${args})` : ""}: ${typeName(field.type)}`;
    const text = document.createElement("dd");
    text.textContent = field.description;
    const entry = document.createElement("div");
    entry.append(term, text);
    list.append(entry);
  }
}

async function loadSchema() {
  const type = "{ kind name ofType { kind name ofType { kind name ofType { kind name } } } }";
  const fields = `{ fields { name description args { name type ${type} } type ${type} } }`;
  const answer = await send(`{ __schema { queryType ${fields} mutationType ${fields} } }`, {});
  if (!answer.data) return;
  const list = element("schema");
  describe(answer.data.__schema.queryType.fields, list);
  describe(answer.data.__schema.mutationType?.fields ?? [], list);
}

element("explorer").addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey && event.key === "Enter") run();
});
element("filter").addEventListener("input", (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const entry of element("schema").children) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
});
loadSchema();
