// Answers lines of JSON from standard input, for the tests in Python: {"rows"} with the bytes of an index that is built
// the plain way, {"text"} with its folded form, {"index", "typed"} with what a search of that index's bytes finds.

"use strict";

const fs = require("node:fs");

const { modelwise, build } = require("./completion.js");

function answer({ rows, text, index, typed }) {
    if (rows) return Buffer.from(build(rows)).toString("base64");
    if (text !== undefined) return modelwise.fold(text);
    const opened = modelwise.openIndex(new Uint8Array(Buffer.from(index, "base64")).buffer);
    return Array.from(modelwise.search(opened, typed, { limit: 20 }));
}

for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
    process.stdout.write(`${JSON.stringify(answer(JSON.parse(line)))}\n`);
}
