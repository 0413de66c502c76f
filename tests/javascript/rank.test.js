// javascript/modelwise_rank.js and modelwise_presence.js: what is suggested, in which order, with which marks.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const { modelwise } = loaded();

const DATA = {
    profile: "one",
    slots: ["subject", "character", "series", "artist", "general", "quality"],
    spelling: { underscores: "spaces", parentheses: "escape", case: "lower", artist_prefix: null },
    prefixes: ["artist:", "@", "by ", "art by "],
    specials: [
        { tag: "masterpiece", slot: "quality", low: false, says: "quality, 1 of 3" },
        { tag: "amazing quality", slot: "quality", low: false, says: "quality, 2 of 3" },
        { tag: "worst quality", slot: "quality", low: true, says: "quality, 3 of 3" },
    ],
    foreign: { "score 9": "Another" },
    everyday: ["moonlit"],
    networks: { lora: ["ink & wash (v2)", "My_Lora"], lyco: ["My_Lora"], hypernet: [] },
    embeddings: ["bad(hands)_5", "easynegative"],
    wildcards: ["hair/color", "place"],
    styles: [
        { name: "Night", prompt: "night, {prompt}, (moonlight:1.1)", negative: "day" },
        { name: "Nice only", prompt: "nice", negative: "" },
    ],
    uses: {},
    remembers: true,
    index: "",
};
const known = modelwise.prepared(DATA);

const match = (tag, category = 0, count = 10, alias = null) => ({ tag, category, count, alias, kind: "prefix", row: 0 });

function ranked(typed, matches = [], options = {}) {
    const text = typed;
    const query = modelwise.typedAt(text, text.length)[0];
    const { prefix } = modelwise.asking(query.typed, options.known ?? known);
    const chosen = { negative: false, limit: 20, ...options, prefix };
    return Array.from(modelwise.rank(query, options.known ?? known, matches, chosen));
}
const names = (...given) => ranked(...given).map((each) => each.name);

test("the model's own words come first, with what the card says", () => {
    const found = ranked("mas", [match("mask"), match("masterpiece", 5, 7)]);
    assert.deepEqual(found.map((each) => each.name), ["masterpiece", "mask"]);
    const { says, slot, count, look } = found[0];
    assert.deepEqual({ says, slot, count, look }, { says: "quality, 1 of 3", slot: "quality", count: 7, look: "special" });
});

test("the words nobody wants are for the negative", () => {
    assert.deepEqual(names("qua", [match("quad")]), ["amazing quality", "quad", "worst quality"]);
    assert.deepEqual(names("qua", [match("quad")], { negative: true }), ["worst quality", "quad", "amazing quality"]);
});

test("asked without a word, the model's own are shown", () => {
    assert.deepEqual(names(""), ["masterpiece", "amazing quality"]);
    assert.deepEqual(names("", [], { negative: true }), ["worst quality"]);
});

test("words of other models are marked, and last", () => {
    const found = ranked("sco", [match("scope")]);
    assert.deepEqual(found.map((each) => [each.name, each.model]), [["scope", ""], ["score 9", "Another"]]);
    assert.equal(ranked("score", [match("score_9")])[0].model, "Another");
    assert.equal(ranked("score", [match("score_9")]).length, 1);
});

test("tags are spelled as the model's captions are", () => {
    const [found] = ranked("sab", [match("saber_(fate)", 4)]);
    assert.deepEqual([found.name, found.text, found.slot], ["saber (fate)", "saber \\(fate\\)", "character"]);
    assert.equal(ranked("^", [match("^_^")])[0].text, "^_^");
    const keep = modelwise.prepared({ ...DATA, spelling: { ...DATA.spelling, underscores: "keep" } });
    assert.equal(ranked("lon", [match("long_hair")], { known: keep })[0].text, "long_hair");
    const none = modelwise.prepared({ ...DATA, spelling: null, slots: [] });
    const [plain] = ranked("sab", [match("Saber_(fate)", 4)], { known: none });
    assert.deepEqual([plain.text, plain.slot], ["Saber \\(fate\\)", ""]);
});

test("where a tag goes", () => {
    const slots = (category, tag = "zz") => ranked("z", [match(tag, category)])[0].slot;
    assert.deepEqual([0, 1, 3, 4, 5].map((category) => slots(category)), ["general", "artist", "series", "character", "general"]);
    assert.equal(ranked("moo", [match("moonlit", 1)])[0].slot, "general");
    assert.equal(ranked("by moo", [match("moonlit", 1)])[0].slot, "artist");
});

test("an artist gets the model's prefix, or keeps the one that was typed", () => {
    const model = modelwise.prepared({ ...DATA, spelling: { ...DATA.spelling, artist_prefix: "@" } });
    const wlop = [match("wlop", 1), match("wlop_hat")];
    assert.deepEqual(ranked("wlo", wlop, { known: model }).map((each) => each.text), ["@wlop", "wlop hat"]);
    assert.deepEqual(ranked("by wlo", wlop, { known: model }).map((each) => each.text), ["@wlop"]);
    assert.deepEqual(ranked("art by wlo", wlop).map((each) => each.text), ["art by wlop"]);
    assert.deepEqual({ ...modelwise.asking("Art by wlo", known) }, { typed: "wlo", prefix: "Art by " });
});

test("an alias says so", () => {
    assert.equal(ranked("miku", [match("hatsune_miku", 4, 5, "miku")])[0].alias, "miku");
});

test("networks by name, whatever signs it has", () => {
    assert.deepEqual(ranked("<lora:ink").map((each) => each.text), ["<lora:ink & wash (v2)"]);
    assert.deepEqual(ranked("<lora:WASH").map((each) => each.name), ["ink & wash (v2)"]);
    assert.deepEqual(ranked("<my").map((each) => each.text), ["<lora:My_Lora", "<lyco:My_Lora"]);
    assert.deepEqual(ranked("<lyco:").map((each) => each.text), ["<lyco:My_Lora"]);
    assert.deepEqual(ranked("<nothing:my"), []);
});

test("names that begin with what was typed come before those that hold it", () => {
    const many = modelwise.prepared({ ...DATA, networks: { lora: ["xab", "a ab", "ab"], lyco: [] } });
    assert.deepEqual(ranked("<lora:ab", [], { known: many }).map((each) => each.name), ["ab", "a ab", "xab"]);
});

test("embeddings are written so that the WebUI reads their name", () => {
    assert.deepEqual(ranked("bad").map((each) => each.text), ["bad\\(hands\\)_5"]);
});

test("wildcards", () => {
    assert.deepEqual(ranked("__col").map((each) => each.text), ["hair/color"]);
    assert.deepEqual(ranked("__").map((each) => each.name), ["hair/color", "place"]);
});

test("a style gives its text for the box", () => {
    assert.deepEqual(ranked("ni").map((each) => each.text), ["night, (moonlight:1.1)", "nice"]);
    assert.deepEqual(ranked("ni", [], { negative: true }).map((each) => each.text), ["day"]);
});

test("no more than the limit, and what comes last is not crowded out", () => {
    const many = Array.from({ length: 50 }, (_, number) => match(`score_tag_${number}`));
    const found = names("sco", many, { limit: 20 });
    assert.equal(found.length, 20);
    assert.equal(found.at(-1), "score 9");
});

test("typed invisible and full-width characters do not matter", () => {
    assert.equal(modelwise.normalForm("\u200bＭasterpiece\u200d_ \\(x\\)"), "masterpiece (x)");
    assert.equal(modelwise.normalForm("Plain_Name (a)"), "plain name (a)");
    assert.equal(modelwise.normalForm("e\u0301"), "\u00e9");
    assert.deepEqual(names("ｍas\u200b"), ["masterpiece"]);
});

test("a thousand networks", () => {
    const lora = Array.from({ length: 1000 }, (_, number) => `style_number_${number} (v${number % 3})`);
    const many = modelwise.prepared({ ...DATA, networks: { lora } });
    const begin = process.hrtime.bigint();
    for (let round = 0; round < 20; round += 1) ranked("<lora:number 99", [], { known: many });
    assert.ok(Number(process.hrtime.bigint() - begin) / 20e6 < 5, "milliseconds a key");
    assert.equal(ranked("<lora:number 99", [], { known: many })[0].name, "style_number_99 (v0)");
});

test("what stands in the prompt is told, in any spelling and weight, beside what is being typed", () => {
    const holds = (text, tag, at = text.length) => modelwise.presence(text, { start: at, end: at })(tag);
    assert.ok(holds("1girl, Long_Hair, x", "long hair"));
    assert.ok(holds("(long hair:1.2), x", "long hair"));
    assert.ok(holds("saber \\(fate\\)", "saber \\(fate\\)"));
    assert.ok(holds("a BREAK\nlong hair", "long hair"));
    assert.ok(!holds("very long hair", "long hair"));
    assert.ok(!holds("long hairband", "long hair"));
    assert.ok(!modelwise.presence("1girl, long hair", { start: 7, end: 16 })("long hair"));
    assert.ok(holds("<lora:x:1>, a", "<lora:x"));
});

test("counts in few characters", () => {
    const counts = [null, 0, 999, 1000, 9949, 9950, 12_345, 999_499, 999_500, 4_400_000];
    assert.deepEqual(counts.map(modelwise.shortCount), ["", "0", "999", "1.0k", "9.9k", "10k", "12k", "999k", "1.0M", "4.4M"]);
});
