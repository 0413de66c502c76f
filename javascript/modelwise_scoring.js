// Images go to the server one by one, which scores them. Who stops can go on; what has its scores is not sent again.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const LARGEST = 64_000_000; // bytes, as the server has it
    const LONGEST_NAME = 1000; // characters, as the server has it
    const BUSY = 503;
    const PAUSE = 1500; // milliseconds before a busy server is asked again

    const keyOf = (/** @type {NamedFile} */ { name, file }) => `${name}\n${file.size}\n${file.lastModified}`;

    function pause(/** @type {AbortSignal} */ signal) {
        return new Promise((done) => {
            setTimeout(done, PAUSE);
            signal.addEventListener("abort", done);
        });
    }

    /** A name that no other image has; one with a folder stands for that file alone, and is kept. */
    modelwise.freeName = function (name, taken) {
        if (name.includes("/") || !taken(name)) return name;
        const [, stem = name, ending = ""] = /^(.+?)(\.[^.]*)?$/.exec(name) ?? [];
        let number = 2;
        while (taken(`${stem} (${number})${ending}`)) number += 1;
        return `${stem} (${number})${ending}`;
    };

    const failed = (/** @type {string} */ name, /** @type {string} */ error) => ({
        file: name,
        scores: {},
        tags: {},
        error,
        notice: "",
    });

    /** The server's answer to one image. `told`: called with why it has to wait. Throws what stops the others, too. */
    async function answered(/** @type {NamedFile} */ { name, file }, /** @type {AbortSignal} */ signal, /** @type {Told} */ told) {
        if (file.size > LARGEST) return failed(name, `found ${(file.size / 1e6).toFixed(1)} MB; allowed: at most 64 MB`);
        const asked = new URLSearchParams({ name: name.slice(-LONGEST_NAME) });
        const headers = { "Content-Type": "application/octet-stream" };
        for (let waited = false; ; waited = true) {
            const question = { method: "POST", headers, body: file, signal };
            const response = await fetch(`modelwise/v1/scores/images?${asked}`, question);
            const answer = await response.json().catch(() => null);
            if (response.ok) {
                if (waited) told("");
                return { ...answer, file: name };
            }
            const said = answer?.error ?? `Modelwise's server answers with ${response.status}`;
            if (response.status !== BUSY) throw new Error(said);
            told(`Waiting: ${said}`);
            await pause(signal);
            signal.throwIfAborted();
        }
    }

    /** The same, where a file that went away while it waited stops nobody else. */
    async function outcome(/** @type {NamedFile} */ image, /** @type {AbortSignal} */ signal, /** @type {Told} */ told) {
        try {
            return await answered(image, signal, told);
        } catch (error) {
            if (signal.aborted || !(error instanceof TypeError)) throw error;
            const there = await image.file.slice(0, 1).arrayBuffer().catch(() => null);
            if (there) throw error;
            return failed(image.name, "can't be read: the file has changed or is gone");
        }
    }

    /** Images on their way to their scores. `shown`: called with each that has its answer; `told`: called with
     *  what is said, and with nothing when it no longer holds; `scorers`: those that there are. */
    modelwise.scoring = function ({ shown, told, moved, scorers }) {
        /** @type {Map<string, ScoredEntry>} */
        const entries = new Map();
        /** @type {ScoredEntry[]} */
        let waiting = [];
        /** @type {AbortController | null} */
        let running = null;

        const isScored = (/** @type {ScoredEntry} */ { result }) =>
            result !== null && !result.error && scorers().every((each) => each in result.scores);

        function take(/** @type {NamedFile} */ given) {
            const known = entries.get(given.name);
            if (known && known.key === keyOf(given)) {
                if (isScored(known) || waiting.includes(known)) return false;
                known.file = given.file;
                waiting.push(known);
                return true;
            }
            const name = modelwise.freeName(given.name, (each) => entries.has(each));
            const made = { name, file: given.file, key: keyOf(given), result: null };
            if (entries.has(name)) waiting = waiting.filter((each) => each.name !== name);
            entries.set(name, made);
            waiting.push(made);
            return true;
        }

        /** Take images in; gives how many are new. */
        function add(/** @type {NamedFile[]} */ files) {
            const fresh = files.filter(take).length;
            moved();
            return fresh;
        }

        async function run() {
            if (running) return;
            running = new AbortController();
            const { signal } = running;
            try {
                for (let image = waiting[0]; image; image = waiting[0]) {
                    moved();
                    const result = await outcome(image, signal, told);
                    if (signal.aborted) break;
                    waiting = waiting.filter((each) => each !== image);
                    image.result = result;
                    if (result.notice) told(result.notice);
                    shown(image);
                }
            } catch (error) {
                if (!signal.aborted) told(/** @type {Error} */ (error).message);
            } finally {
                running = null;
                moved();
            }
        }

        return {
            add,
            run,
            stop: () => running?.abort(),
            clear() {
                running?.abort();
                waiting = [];
                entries.clear();
                moved();
            },
            entries: () => [...entries.values()],
            progress: () => ({
                state: running ? "running" : "idle",
                done: entries.size - waiting.length,
                total: entries.size,
                message: "",
            }),
        };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
