// Checkpoints, Tags and About without a page: which rows are shown in which order, and what is said.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const row = (checkpoint, more = {}) => ({
    checkpoint,
    profile: "generic-sdxl",
    name: "SDXL (no card)",
    architecture: "sdxl",
    rule: "architecture",
    reason: "No profile is known for it; its header is SDXL.",
    suggestion: null,
    recognised: false,
    chosen: false,
    ...more,
});
const ROWS = [
    row("mix10.safetensors"),
    row("Mix2.safetensors"),
    row("old/mix1.ckpt", { architecture: "sd1", name: "Old model", recognised: true }),
];
const ALL = {
    text: "",
    unknown: false,
    findings: false,
    column: "checkpoint",
    descending: false,
    healths: new Map(),
};
const finding = (severity) => ({
    check: "vae",
    severity,
    certainty: "certain",
    found: "there is no <b>VAE</b> in it",
    meaning: "pictures are grey",
    advice: "Choose a VAE.",
    tensors: [],
});
const health = (checkpoint, ...severities) => ({
    number: 1,
    checkpoint,
    tensors: 1131,
    tensors_read: 702,
    findings: severities.map(finding),
});
const names = (rows) => Array.from(rows, ({ checkpoint }) => checkpoint);
const plain = (value) => JSON.parse(JSON.stringify(value));

test("rows in the order of a column, numbers as numbers, either way", () => {
    const { chosenRows } = loaded().modelwise;
    assert.deepEqual(names(chosenRows(ROWS, ALL)), ["Mix2.safetensors", "mix10.safetensors", "old/mix1.ckpt"]);
    const down = chosenRows(ROWS, { ...ALL, descending: true });
    assert.deepEqual(names(down), ["old/mix1.ckpt", "mix10.safetensors", "Mix2.safetensors"]);
    const byKind = chosenRows(ROWS, { ...ALL, column: "architecture" });
    assert.deepEqual(names(byKind), ["old/mix1.ckpt", "Mix2.safetensors", "mix10.safetensors"]);
    assert.deepEqual(names(ROWS), ["mix10.safetensors", "Mix2.safetensors", "old/mix1.ckpt"]);
});

test("rows that a search finds, in any order of its words, in any column", () => {
    const { chosenRows } = loaded().modelwise;
    const found = (text, unknown = false) => names(chosenRows(ROWS, { ...ALL, text, unknown }));
    assert.deepEqual(found("MIX1"), ["mix10.safetensors", "old/mix1.ckpt"]);
    assert.deepEqual(found("sdxl mix2"), ["Mix2.safetensors"]);
    assert.deepEqual(found("old model"), ["old/mix1.ckpt"]);
    assert.deepEqual(found("generic-sdxl 10"), ["mix10.safetensors"]);
    assert.deepEqual(found("", true), ["Mix2.safetensors", "mix10.safetensors"]);
    assert.deepEqual(found("nothing"), []);
});

test("rows by what the doctor has found, the unexamined lowest", () => {
    const { chosenRows } = loaded().modelwise;
    const found = [
        health("mix10.safetensors", "note", "note"),
        health("Mix2.safetensors"),
        health("old/mix1.ckpt", "warning"),
        health("z.safetensors", "problem"),
    ];
    const healths = new Map(found.map((each) => [each.checkpoint, each]));
    const rows = [...ROWS, row("a.safetensors"), row("z.safetensors")];
    const order = ["a.safetensors", "Mix2.safetensors", "mix10.safetensors", "old/mix1.ckpt", "z.safetensors"];
    const asked = { ...ALL, column: "health", healths };
    assert.deepEqual(names(chosenRows(rows, asked)), order);
    assert.deepEqual(names(chosenRows(rows, { ...asked, descending: true })), order.toReversed());
    assert.deepEqual(names(chosenRows(rows, { ...asked, findings: true })), order.slice(2));
    assert.deepEqual(names(chosenRows(rows, { ...ALL, findings: true })), []);
});

test("a file's health in a few words", () => {
    const { healthWords } = loaded().modelwise;
    assert.equal(healthWords(undefined), "not examined");
    assert.equal(healthWords(health("a")), "healthy");
    assert.equal(healthWords(health("a", "note")), "1 note");
    assert.equal(healthWords(health("a", "note", "problem", "warning")), "3 findings, worst: problem");
    assert.equal(healthWords(health("a", "warning", "note")), "2 findings, worst: warning");
});

test("two thousand rows are searched and sorted in no time", () => {
    const { chosenRows } = loaded().modelwise;
    const many = Array.from({ length: 2000 }, (_, at) => row(`mix ${(at * 7919) % 2000}.safetensors`));
    const start = performance.now();
    const shown = chosenRows(many, { ...ALL, text: "mix" });
    assert.equal(shown[1999].checkpoint, "mix 1999.safetensors");
    assert.ok(performance.now() - start < 1000);
});

test("how far something is", () => {
    const { progressWords } = loaded().modelwise;
    assert.equal(progressWords({ done: 1234, total: 2000 }, "checkpoints"), "1,234 of 2,000 checkpoints");
    assert.equal(progressWords({ done: 1_250_000, total: 5_000_000 }, "MB"), "1.3 of 5.0 MB");
    assert.equal(progressWords({ done: 40_000, total: null }, "MB"), "0.0 MB");
});

const KNOWN = {
    name: "my hat",
    category: "general",
    list: "mine.csv",
    exact: true,
    everyday: false,
    aliases: [],
    alias_count: 0,
    series: [],
};

test("what is said of a tag", () => {
    const { tagFacts } = loaded().modelwise;
    const facts = (answer) => plain(tagFacts({ tag: "x", found: null, meant: null, near: [], ...answer }));
    assert.deepEqual(facts({}), [
        ["Tag", "x"],
        ["Known", "in no list; it counts as general"],
    ]);
    assert.deepEqual(facts({ meant: "y" })[1], ["Known", "no; it is a misspelling of y"]);
    assert.deepEqual(facts({ found: KNOWN }), [
        ["Tag", "my hat"],
        ["Category", "general"],
        ["List", "mine.csv"],
        ["Aliases", "none"],
    ]);
    const more = { ...KNOWN, exact: false, everyday: true, aliases: ["a", "b"], alias_count: 1202, series: ["s", "t"] };
    assert.deepEqual(facts({ found: more }).slice(1), [
        ["Found as", "the alias x"],
        ["Category", "general"],
        ["List", "mine.csv"],
        ["Series", "s, t"],
        ["Note", "an everyday word: no alias and no artist's name takes it"],
        ["Aliases", "a, b, and 1,200 more"],
    ]);
});

test("what is said of a list that was added", () => {
    const { addedWords } = loaded().modelwise;
    const list = { name: "mine.csv", rows: 1200, problem_count: 0, own: true };
    const said = (more) => addedWords({ added: "mine.csv", tags: { lists: [{ ...list, own: false, rows: 1 }, more] } });
    assert.equal(said(list), "mine.csv: 1,200 tags. They count from now on.");
    assert.equal(said({ ...list, problem_count: 3 }), "mine.csv: 1,200 tags, 3 lines left out. They count from now on.");
});

test("following work until it ends, over a server that is away for a moment", async () => {
    const { follow } = loaded({ setTimeout: (callback) => callback() }).modelwise;
    const states = ["running", null, "running", "done", "running"];
    const shown = [];
    const ask = async () => {
        const state = states.shift();
        if (state === null) throw new Error("away");
        return { progress: { state } };
    };
    await follow({ isConnected: true }, ask, ({ progress }) => shown.push(progress.state));
    assert.deepEqual(shown, ["running", "running", "done"]);
    const away = async () => {
        throw new Error("away");
    };
    await assert.rejects(follow({ isConnected: true }, away, () => {}), /away/);
    await follow({ isConnected: false }, away, () => {});
});
