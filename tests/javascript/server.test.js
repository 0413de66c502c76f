// javascript/modelwise_server.js: how a question goes to our server, and what becomes of an answer.

"use strict";

const assert = require("node:assert/strict");
const test = require("node:test");

const { page, settled } = require("./support/page.js");

/** A question that was asked, and what came of it. */
function asked(...question) {
    const shown = page();
    shown.wait();
    const result = {};
    shown.context.modelwise.request(...question).then(
        (answer) => (result.answer = answer),
        (error) => (result.error = error),
    );
    return { shown, result };
}

test("a body goes as JSON, relative to the page", async () => {
    const { shown, result } = asked("format", { prompt: '"日本"' });
    const [question] = shown.questions;
    assert.deepEqual([question.address, question.method], ["modelwise/v1/format", "POST"]);
    assert.deepEqual(question.asked, { prompt: '"日本"' });
    question.answer({ prompt: "x" });
    await settled();
    assert.deepEqual(result.answer, { prompt: "x" });
});

test("without a body it is a GET", () => {
    const [question] = asked("profiles").shown.questions;
    assert.deepEqual([question.method, question.asked], ["GET", undefined]);
});

test("an error is told in the server's words", async () => {
    const { shown, result } = asked("format", { profile: "x" });
    shown.questions[0].answer({ error: "profile: found 'x'; allowed: auto" }, 422);
    await settled();
    assert.equal(result.error.message, "profile: found 'x'; allowed: auto");
    assert.equal(shown.questions.length, 1);
});

test("an error without words has its number", async () => {
    const { shown, result } = asked("format", {});
    shown.questions[0].answer(undefined, 502);
    await settled();
    assert.equal(result.error.message, "Modelwise's server answers with 502");
});

test("routes that are not there yet are asked for again, for a while", async () => {
    const { shown, result } = asked("format", {});
    const waited = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
        shown.questions[attempt].answer({ detail: "Not Found" }, 404);
        await settled();
        waited.push(...shown.timers.map((timer) => timer.milliseconds));
        shown.wait();
        await settled();
    }
    assert.deepEqual(waited, [300, 1000, 3000]);
    assert.equal(shown.questions.length, 4);
    shown.questions[3].answer({ prompt: "late" });
    await settled();
    assert.deepEqual(result.answer, { prompt: "late" });
});

test("it gives up in the end", async () => {
    const { shown, result } = asked("format", {});
    for (let attempt = 0; attempt < 4; attempt += 1) {
        shown.questions[attempt].answer(undefined, 404);
        await settled();
        shown.wait();
        await settled();
    }
    assert.equal(shown.questions.length, 4);
    assert.equal(result.error.message, "Modelwise's server answers with 404");
});

test("a 404 of our own is an answer", async () => {
    const { shown, result } = asked("profiles/x");
    shown.questions[0].answer({ error: "profile: found 'x'" }, 404);
    await settled();
    assert.equal(result.error.message, "profile: found 'x'");
});

test("an aborted question ends, also while it waits to ask again", async () => {
    for (const before of [() => {}, (question) => question.answer(undefined, 404)]) {
        const abort = new AbortController();
        const { shown, result } = asked("format", {}, abort.signal);
        before(shown.questions[0]);
        await settled();
        abort.abort();
        shown.wait();
        await settled();
        assert.equal(result.error.name, "AbortError");
    }
});
