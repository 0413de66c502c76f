// Scores without a page: which images are sent, waited for and sent again, what is said of them, what is counted.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded } = require("./support/page.js");

const SCORER = "aesthetic-shadow-v2";
const bars = (...tags) => tags.map((tag) => ({ tag, scores: "from 0.5", count: 0, share: 0 }));
const scale = (profile, name, more = {}) => ({
    profile,
    name,
    slot: "aesthetic",
    scorer: SCORER,
    bars: bars("good", "bad"),
    ...more,
});
const plain = (value) => JSON.parse(JSON.stringify(value));
const file = (name, more = {}) => ({ name, file: { name, size: 9, lastModified: 1, type: "image/png", ...more } });

/** Scoring beside a server that a test answers. `answers`: by turns, a status and an answer, or an error. */
function begun(answers = []) {
    const log = { asked: [], told: [], shown: [], waited: 0 };
    const context = loaded({
        URLSearchParams,
        AbortController,
        setTimeout: (callback) => {
            log.waited += 1;
            setImmediate(callback);
        },
        fetch: async (address, { signal }) => {
            log.asked.push(decodeURIComponent(address.split("name=")[1].replaceAll("+", " ")));
            const next = answers.shift() ?? [200, { scores: { [SCORER]: 0.5 }, tags: {}, error: "", notice: "" }];
            if (typeof next === "function") next(log);
            if (signal.aborted) throw signal.reason;
            if (next === "away") throw new context.TypeError("Failed to fetch");
            const [status, answer] = typeof next === "function" ? [200, {}] : next;
            return { ok: status < 400, status, json: async () => answer };
        },
    });
    context.TypeError = TypeError;
    const work = context.modelwise.scoring({
        shown: ({ name, result }) => log.shown.push([name, result.error]),
        told: (text) => log.told.push(text),
        moved: () => {},
        scorers: () => log.scorers ?? [SCORER],
    });
    return { work, log };
}

test("a name that no other image has", () => {
    const { freeName } = loaded().modelwise;
    const taken = new Set(["image.png", "image (2).png", "plain", ".png"]);
    const free = (name) => freeName(name, (each) => taken.has(each));
    assert.equal(free("other.png"), "other.png");
    assert.equal(free("image.png"), "image (3).png");
    assert.equal(free("plain"), "plain (2)");
    assert.equal(free(".png"), ".png (2)");
    taken.add("folder/image.png");
    assert.equal(free("folder/image.png"), "folder/image.png");
});

test("images go one by one, and what has its scores is not sent again", async () => {
    const { work, log } = begun();
    assert.equal(work.add([file("f/a.png"), file("f/b.png")]), 2);
    await work.run();
    assert.deepEqual(log.asked, ["f/a.png", "f/b.png"]);
    assert.deepEqual(log.shown, [["f/a.png", ""], ["f/b.png", ""]]);
    assert.equal(work.add([file("f/a.png"), file("f/b.png", { lastModified: 2 })]), 1);
    await work.run();
    assert.deepEqual(log.asked.slice(2), ["f/b.png"]);
    assert.equal(work.entries().length, 2);
    log.scorers = [SCORER, "another"]; // one more was fetched: all have to be scored again
    assert.equal(work.add([file("f/a.png")]), 1);
    work.clear();
    assert.deepEqual(plain([work.entries(), work.progress()]), [[], { state: "idle", done: 0, total: 0, message: "" }]);
});

test("what could not be scored is tried again, a plain name stands for another image", async () => {
    const { work, log } = begun([[200, { scores: {}, tags: {}, error: "found no image", notice: "" }]]);
    work.add([file("a.png")]);
    await work.run();
    assert.equal(work.add([file("a.png")]), 1);
    await work.run();
    assert.deepEqual(log.shown, [["a.png", "found no image"], ["a.png", ""]]);
    work.add([file("a.png", { size: 10 })]);
    await work.run();
    assert.deepEqual(log.asked, ["a.png", "a.png", "a (2).png"]);
});

test("a busy server is asked again, and it is said why", async () => {
    const { work, log } = begun([[503, { error: "an image is being generated" }], [503, { error: "an image is being generated" }]]);
    work.add([file("a.png")]);
    await work.run();
    assert.equal(log.asked.length, 3);
    assert.equal(log.waited, 2);
    assert.deepEqual(log.told, ["Waiting: an image is being generated", "Waiting: an image is being generated", ""]);
});

test("what stops one stops the others, which wait", async () => {
    const { work, log } = begun([[409, { error: "found no image scorer" }]]);
    work.add([file("a.png"), file("b.png")]);
    await work.run();
    assert.deepEqual(log.told, ["found no image scorer"]);
    assert.deepEqual(plain(work.progress()), { state: "idle", done: 0, total: 2, message: "" });
    await work.run();
    assert.deepEqual(log.asked, ["a.png", "a.png", "b.png"]);
});

test("stopped while an image is on its way, and gone on with", async () => {
    const holder = {};
    const { work, log } = begun([() => holder.work.stop()]);
    holder.work = work;
    work.add([file("a.png"), file("b.png")]);
    await work.run();
    assert.deepEqual([log.shown, log.told], [[], []]);
    await work.run();
    assert.deepEqual(log.asked, ["a.png", "a.png", "b.png"]);
});

test("a file that is too large or gone stops nobody else", async () => {
    const { work, log } = begun(["away"]);
    const gone = { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadableError")) }) };
    work.add([file("large.png", { size: 70_000_000 }), file("gone.png", gone), file("b.png")]);
    await work.run();
    assert.deepEqual(log.shown, [
        ["large.png", "found 70.0 MB; allowed: at most 64 MB"],
        ["gone.png", "can't be read: the file has changed or is gone"],
        ["b.png", ""],
    ]);
    assert.deepEqual(log.asked, ["gone.png", "b.png"]);
});

test("a server that is away stops all, and the file is still there", async () => {
    const { work, log } = begun(["away"]);
    work.add([file("a.png", { slice: () => ({ arrayBuffer: async () => new ArrayBuffer(1) }) })]);
    await work.run();
    assert.deepEqual(log.told, ["Failed to fetch"]);
    assert.equal(work.progress().done, 0);
});

test("cards that state the same stand together, and tags are counted", () => {
    const { scaleGroups, scoreFacts, tagCounts } = loaded().modelwise;
    const groups = scaleGroups([
        scale("two", "Two"),
        scale("one", "One"),
        scale("other", "Other", { bars: bars("fine") }),
        scale("quality", "Quality", { slot: "quality", scorer: "another" }),
    ]);
    assert.deepEqual(plain(groups.map(({ names, profile }) => [names, profile])), [
        [["One", "Two"], "two"],
        [["Other"], "other"],
        [["Quality"], "quality"],
    ]);
    const image = (tag, other) => ({
        file: "a",
        scores: { [SCORER]: 0.71239 },
        tags: { two: { aesthetic: tag }, one: { aesthetic: tag }, other: { aesthetic: other } },
        error: "",
    });
    const bad = { file: "b", scores: {}, tags: {}, error: "found no image" };
    const images = [image("good", "fine"), image("good", null), image("bad", "fine"), bad];
    assert.deepEqual(plain(scoreFacts(images[1], groups)), [
        [SCORER, "0.7124"],
        ["One, Two (aesthetic)", "good"],
        ["Other (aesthetic)", "no tag"],
    ]);
    assert.deepEqual(plain(groups.map((group) => tagCounts(images, group))), [
        { total: 3, counts: [2, 1] },
        { total: 3, counts: [2] },
        { total: 0, counts: [0, 0] },
    ]);
});

test("what is said in words, and the lines of a table", () => {
    const { scoredWords, scorerSize, scoreLines, scaleWords, scaleGroups } = loaded().modelwise;
    assert.equal(scoredWords({ scored: 1, bad: 0, left: 0 }), "1 image has its scores.");
    assert.equal(scoredWords({ scored: 1200, bad: 2, left: 1 }), "1,200 images have their scores, 2 can't be scored, 1 waits.");
    assert.equal(scorerSize({ size: 4_370_000_000, missing: ["x"], kept: 0 }), "about 4,370 MB to fetch");
    assert.equal(scorerSize({ size: 606e6, missing: ["x"], kept: 12_300_000 }), "about 606 MB to fetch, 12 MB of it kept");
    assert.equal(scorerSize({ size: 123_456, missing: [], kept: 0 }), "0.1 MB");
    const images = [{ file: 'a "b"\n', scores: { [SCORER]: 0.5 }, tags: { x: {} }, error: "", notice: "n" }];
    assert.equal(scoreLines([...images, ...images]).split("\n").length, 2);
    assert.deepEqual(JSON.parse(scoreLines(images)), { file: 'a "b"\n', scores: { [SCORER]: 0.5 }, error: "" });
    assert.match(scaleWords(scaleGroups([scale("one", "One")])), /: One \(aesthetic by aesthetic-shadow-v2\)\. For all/);
});
