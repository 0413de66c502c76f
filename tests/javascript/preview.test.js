// javascript/modelwise_preview.js: when the preview is asked for, and which answer counts.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { page, settled } = require("./support/page.js");

const line = (text) => `<p class="modelwise-line">${text}</p>`;

/** An answer of the preview's route, with one text. */
const answer = (text) => ({
    line: line(text),
    profile: "one",
    name: "One",
    active: true,
    warnings: [],
    texts: [{ title: "Prompt", text, pieces: [], left_out: [], tokens: null }],
    settings: [],
    values: {},
});

/** A page whose panel has asked once, with its question answered; `lines` are those that were shown since. */
async function live(options = {}) {
    const shown = page(options);
    shown.wait();
    shown.lines = [];
    shown.context.modelwise.showLineOf = (_tab, html) => shown.lines.push(html);
    shown.asked("txt2img");
    shown.questions[0].answer(answer("first"));
    await settled();
    return shown;
}

const typed = (shown, text, part = "prompt") => {
    const box = shown.elements[`#txt2img_${part} textarea`];
    box.value = text;
    box.trigger("input");
};
const refreshed = (shown) => shown.elements["#modelwise_txt2img_refresh"].clicks;

test("before the panel's first event nothing is asked", () => {
    const shown = page();
    typed(shown, "a");
    shown.wait();
    assert.deepEqual(shown.questions, []);
});

test("the panel's own event brings the preview along, with its arguments", async () => {
    const shown = await live();
    const { address, asked } = shown.questions[0];
    assert.equal(address, "modelwise/v1/preview");
    assert.equal(asked.tab, "txt2img");
    assert.deepEqual(asked.arguments.slice(0, 2), [1, 2]);
    assert.deepEqual(shown.lines, [line("first")]);
});

test("what the page has put into the panel since goes along", async () => {
    const shown = await live();
    const { modelwise } = shown.context;
    modelwise.touch("txt2img", ["steps"]);
    shown.elements["#modelwise_txt2img_pasted textarea"].value = "{}";
    typed(shown, "a");
    shown.wait();
    const { asked } = shown.questions[1];
    assert.equal(asked.arguments[modelwise.PLACES.touched], '["steps"]');
    assert.equal(asked.arguments[modelwise.PLACES.pasted], "{}");
    assert.equal(asked.page.prompt, "a");
});

test("typing asks once, 150 ms after the last key, and never the panel's event", async () => {
    for (const part of ["prompt", "neg_prompt"]) {
        const shown = await live();
        for (const text of ["a", "ab", "abc"]) typed(shown, text, part);
        assert.equal(shown.questions.length, 1);
        assert.deepEqual(
            shown.timers.map((timer) => timer.milliseconds),
            [150],
        );
        shown.wait();
        assert.equal(shown.questions.length, 2);
        assert.equal(refreshed(shown), 0);
    }
});

test("a newer question ends the one before, whose answer no longer counts", async () => {
    const shown = await live();
    const { modelwise } = shown.context;
    for (const text of ["older", "newer"]) {
        typed(shown, text);
        shown.wait();
    }
    const [, older, newer] = shown.questions;
    assert.deepEqual([older.signal.aborted, newer.signal.aborted], [true, false]);
    newer.answer(answer("newer"));
    await settled();
    older.answer(answer("older"));
    await settled();
    assert.deepEqual(shown.lines.slice(1), [line("newer")]);
    assert.equal(modelwise.latest("txt2img").texts[0].text, "newer");
    assert.equal(refreshed(shown), 0, "an ended question is no failure");
});

test("an answer that comes while a newer question runs does not count", async () => {
    const shown = await live();
    typed(shown, "older");
    shown.wait();
    const older = shown.questions[1];
    older.answer(answer("older")); // here already, but not read yet
    typed(shown, "newer");
    shown.wait();
    await settled();
    assert.deepEqual(shown.lines, [line("first")]);
});

test("each tab has questions of its own", async () => {
    const shown = await live();
    shown.asked("img2img");
    typed(shown, "a");
    shown.wait();
    assert.deepEqual(
        shown.questions.slice(1).map(({ asked, signal }) => [asked.tab, signal.aborted]),
        [
            ["img2img", false],
            ["txt2img", false],
        ],
    );
});

test("where the route fails, the panel's event has the line, and asks no route again", async () => {
    for (const fail of [(each) => each.fail(), (each) => each.answer({ error: "no" }, 500)]) {
        const shown = await live({ open: true });
        typed(shown, "a");
        shown.wait();
        fail(shown.questions[1]);
        await settled();
        assert.equal(refreshed(shown), 1);
        assert.equal(shown.context.modelwise.latest("txt2img"), null);
        shown.asked("txt2img"); // the panel's event
        assert.equal(shown.questions.length, 2);
        shown.asked("txt2img"); // a later one
        assert.equal(shown.questions.length, 3);
    }
});

test("a failure is told in the preview's place", async () => {
    const shown = await live({ open: true });
    typed(shown, "a");
    shown.wait();
    shown.questions[1].answer({ error: "prompt: too long" }, 422);
    await settled();
    const [said] = shown.elements["#modelwise_txt2img_preview"].querySelectorAll(".modelwise-attention");
    assert.equal(said.textContent, "No preview: prompt: too long");
});

test("a closed panel costs no chips; opened, it shows the last answer", async () => {
    const shown = await live();
    const place = shown.elements["#modelwise_txt2img_preview"];
    assert.deepEqual(place.children, []);
    shown.elements["#modelwise_txt2img > .label-wrap.open"] = {};
    shown.context.modelwise.showLatest("txt2img");
    assert.equal(place.querySelector(".modelwise-title").textContent, "Prompt");
});

test("opened before the first answer, the panel has the preview's place already", () => {
    const shown = page({ open: true });
    shown.context.modelwise.showLatest("txt2img");
    assert.equal(shown.elements["#modelwise_txt2img_preview"].children.length, 1);
});

test("the line of the panel's event counts only where the preview has none", async () => {
    const shown = await live();
    let hints = 0;
    shown.context.modelwise.showHints = () => (hints += 1);
    shown.context.modelwise.answered("txt2img", '{"fields":{}}');
    assert.equal(hints, 0);
    shown.context.modelwise.answered("img2img", '{"fields":{}}');
    assert.equal(hints, 1);
});
