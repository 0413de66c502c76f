// javascript/modelwise_typing.js: what is being typed at the caret, which stands at ‸.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const { modelwise } = loaded();

/** The queries at the caret: what is typed and what would be replaced, with the kind where it is no tag. */
function at(marked) {
    const caret = marked.indexOf("‸");
    const text = marked.replace("‸", "");
    return Array.from(modelwise.typedAt(text, caret), ({ kind, network, typed, start, end }) => {
        const what = kind === "tag" ? [] : [kind + (network && ` ${network}`)];
        return [typed, text.slice(start, end), ...what].join(" / ");
    });
}

const CASES = {
    "a tag of several words, whole": {
        "long h‸": ["long h / long h"],
        "1girl,long h‸, smile": ["long h / long h"],
        "1girl, long‸ hair , smile": ["long / long hair"],
        "  lo‸ng hair": ["lo / long hair"],
        "1girl\nlong h‸air\nsmile": ["long h / long hair"],
        "1girl，long h‸、smile": ["long h / long h"],
        "hatsune_mi‸": ["hatsune_mi / hatsune_mi"],
        "1girl, ‸": [" / "],
    },
    "keywords end a tag": {
        "1girl BREAK smi‸": ["smi / smi"],
        "1girl AND smi‸ AND 1boy": ["smi / smi"],
        "BREAKFA‸": ["BREAKFA / BREAKFA"],
        "smi‸ BREAK sky": ["smi / smi"],
    },
    "brackets": {
        "(long h‸:1.2), smile": ["long h / long h"],
        "(smile, long h‸air:1.2)": ["long h / long hair"],
        "((long h‸))": ["long h / long h"],
        "[red‸|blue]": ["red / red"],
        "[red|bl‸ue]": ["bl / blue"],
        "[red:bl‸:0.5]": ["bl / bl"],
        "{red|bl‸ue}": ["bl / blue"],
        "{2$$re‸d|blue}": ["re / red"],
        "(a) smi‸": ["smi / smi"],
        "(a:1.2), b, (smi‸": ["smi / smi"],
    },
    "brackets of a name": {
        "saber \\(fa‸te\\), x": ["saber \\(fa / saber \\(fate\\)"],
        "saber (fa‸te), x": ["saber (fa / saber (fate)", "fa / fate"],
        "saber_(fa‸": ["saber_(fa / saber_(fa", "fa / fa"],
        "saber‸ (fate), x": ["saber / saber (fate)"],
        "saber (fate) (al‸": ["saber (fate) (al / saber (fate) (al", "al / al"],
        "hair‸ (blue:1.2)": ["hair / hair"],
        "hair‸ (blue, red)": ["hair / hair"],
        "hair (blue, re‸": ["re / re"],
    },
    "colons": {
        "re:ze‸ro": ["re:ze / re:zero"],
        ":‸d": [": / :d"],
        "(:3‸": [":3 / :3"],
        ">_<‸": [">_< / >_<"],
    },
    "nothing in numbers, comments and variables": {
        "(long hair:1.‸2)": [],
        "(long hair:‸": [],
        "[red:blue:0.‸5]": [],
        "# long h‸": [],
        "smile # long h‸": [],
        "${na‸me}": [],
        "<lora:x:0.‸8>": [],
    },
    "behind a comment": { "# a comment, (\nlong h‸": ["long h / long h"] },
    "extra networks": {
        "<‸": [" / < / network"],
        "a, <lo‸": ["lo / <lo / network"],
        "<übe‸": ["übe / <übe / network"],
        "<lora:‸": [" / <lora: / network lora"],
        "<lora:ink & wash (v‸": ["ink & wash (v / <lora:ink & wash (v / network lora"],
        "<lyco:a‸b:0.8:x=1> c": ["a / <lyco:ab / network lyco"],
        "<lora:a‸b>": ["a / <lora:ab / network lora"],
        "<lora:a‸ 1girl": ["a / <lora:a / network lora"],
        "<lora:a:1> smi‸": ["smi / smi"],
        "<lora:open, smi‸": ["smi / smi"],
    },
    wildcards: {
        "__ha‸": ["ha / __ha / wildcard"],
        "__hair/co‸lor__, x": ["hair/co / __hair/color__ / wildcard"],
        "__hair__, smi‸": ["smi / smi"],
        "a __pl‸": ["pl / __pl / wildcard"],
    },
};

for (const [name, cases] of Object.entries(CASES)) {
    test(name, () => {
        for (const [marked, expected] of Object.entries(cases)) assert.deepEqual(at(marked), expected, marked);
    });
}

test("brackets are told, so that no separator goes inside", () => {
    const inside = (text) => modelwise.typedAt(text, text.length).map((query) => query.inside);
    assert.deepEqual([...inside("(smi")], [true]);
    assert.deepEqual([...inside("smi")], [false]);
    assert.deepEqual([...inside("saber (fa")], [false, true]);
    assert.deepEqual([...inside("(saber (fa")], [true, true]);
});

test("a text without end is no tag", () => {
    assert.deepEqual(at(`${"a long story ".repeat(20)}‸`), []);
});

test("every caret of every odd text has an answer inside the text", () => {
    const signs = ["(", ")", "[", "]", "{", "}", "|", ":", "\\", "<", ">", "__", "#", ",", "\n", "a", " ", "1", "$", "日", "\u200b"];
    let seed = 1;
    const next = () => (seed = (seed * 48271) % 2147483647);
    for (let round = 0; round < 400; round += 1) {
        const text = Array.from({ length: 14 }, () => signs[next() % signs.length]).join("");
        for (let caret = 0; caret <= text.length; caret += 1) {
            for (const { start, end } of modelwise.typedAt(text, caret)) {
                assert.ok(0 <= start && start <= caret && caret <= end && end <= text.length, JSON.stringify([text, caret]));
            }
        }
    }
});

test("a prompt of a million characters costs what a short one does", () => {
    const cost = (text) => {
        const begin = process.hrtime.bigint();
        for (let round = 0; round < 300; round += 1) modelwise.typedAt(text, text.length);
        return Number(process.hrtime.bigint() - begin);
    };
    const short = `${"long hair, ".repeat(100)}smi`;
    const long = `${"long hair, ".repeat(100_000)}smi`;
    cost(short);
    assert.ok(Math.min(cost(long), cost(long)) < 10 * Math.max(cost(short), cost(short)));
});
