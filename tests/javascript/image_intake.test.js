// Images that are dropped or picked: which files of a folder, under which names; what is not for us is left alone.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { loaded, page, settled } = require("./support/page.js");

const file = (name, more = {}) => ({ name, file: { name, size: 9, lastModified: 1, type: "image/png", ...more } });
const plain = (value) => JSON.parse(JSON.stringify(value));

test("of a folder only images that are not hidden, in a fixed order", () => {
    const { imagesOf } = loaded().modelwise;
    const files = [file("f/b.png"), file("f/notes.txt", { type: "text/plain" }), file("f/.git/a.png"), file("f/a.png")];
    files.push(file("f/.a.png"), file("f/below/c.jpg", { type: "image/jpeg" }));
    assert.deepEqual(plain(imagesOf(files).map(({ name }) => name)), ["f/a.png", "f/b.png", "f/below/c.jpg"]);
});

/** What a browser says of a dropped file or folder. */
const entry = (name, inside) => ({
    name,
    isFile: !inside,
    isDirectory: Boolean(inside),
    file: (done) => done({ name, size: 1, lastModified: 1, type: /\.png$/.test(name) ? "image/png" : "text/plain" }),
    createReader() {
        const parts = [inside.slice(0, 2), inside.slice(2), []]; // browsers give them in parts
        return { readEntries: (done) => done(parts.shift()) };
    },
});

const dropOf = (entries, files = []) => ({
    types: ["Files"],
    items: entries.map((each) => ({ webkitGetAsEntry: () => each })),
    files,
});

/** The intake on a page, and what it gives. */
function intake() {
    const { context } = page();
    const log = { given: [], failed: [] };
    const place = context.modelwise.imageIntake(
        (files) => log.given.push(...files.map(({ name }) => name)),
        (error) => log.failed.push(error.message),
    );
    return { place, log };
}

test("a dropped folder gives its images, files beside it all", async () => {
    const { place, log } = intake();
    const folder = entry("f", [entry("b.png"), entry("a.png"), entry("notes.txt"), entry("below", [entry("c.png"), entry(".d.png")])]);
    let stopped = 0;
    const event = place.trigger("drop", {
        dataTransfer: dropOf([folder, entry("x.txt")]),
        stopPropagation: () => (stopped += 1),
    });
    assert.deepEqual([event.prevented, stopped], [true, 1]);
    await settled();
    assert.deepEqual(log.given, ["x.txt", "f/a.png", "f/b.png", "f/below/c.png"]);
});

test("dropped files come as they are, and a folder that can't be read is said", async () => {
    const { place, log } = intake();
    const stopPropagation = () => {};
    place.trigger("drop", { dataTransfer: dropOf([entry("a.png")], [{ name: "a.png" }, { name: "b.txt" }]), stopPropagation });
    await settled();
    assert.deepEqual(log.given, ["a.png", "b.txt"]);
    const broken = { ...entry("f", []), createReader: () => ({ readEntries: (_, fail) => fail(new Error("gone")) }) };
    place.trigger("drop", { dataTransfer: dropOf([broken]), stopPropagation });
    await settled();
    assert.deepEqual(log.failed, ["gone"]);
});

test("what is no file is left to the page", () => {
    const { place, log } = intake();
    const data = { types: ["text/plain"], items: [], files: [] };
    for (const kind of ["dragover", "drop"]) {
        assert.equal(place.trigger(kind, { dataTransfer: data }).prevented, false);
    }
    assert.deepEqual(log.given, []);
    place.trigger("dragover", { dataTransfer: dropOf([]), stopPropagation: () => {} });
    assert.match(place.className, /modelwise-over/);
    place.trigger("dragleave");
    assert.doesNotMatch(place.className, /modelwise-over/);
});
