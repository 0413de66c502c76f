// The image scorers that are known: which are there, where they come from, and fetching one at a click.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const megabytes = (/** @type {number} */ bytes) =>
        bytes < 1e7 ? `${(bytes / 1e6).toFixed(1)} MB` : `${modelwise.count(Math.round(bytes / 1e6))} MB`;

    /** What is said of a scorer's size. */
    modelwise.scorerSize = function ({ size, missing, kept }) {
        if (!missing.length) return megabytes(size);
        return `about ${megabytes(size)} to fetch${kept ? `, ${megabytes(kept)} of it kept` : ""}`;
    };

    /** The group of scorers as a part of a section. `changed`: called with what there is, each time it is read. */
    modelwise.scorerList = function (changed) {
        const { element: make } = modelwise;
        const said = make("p", "modelwise-said", "", { role: "status" });
        const fetched = make("p", "modelwise-said", "", { role: "status" });
        const list = make("div", "modelwise-lists modelwise-scorers");
        const bar = modelwise.progressBar("Fetching a scorer");
        const stop = modelwise.button("Stop", () => attempt(() => fetching("DELETE")), "Stop; what has arrived is kept");
        const place = make("section", "modelwise-group", [
            make("h4", "", "Scorers"),
            said,
            list,
            make("div", "modelwise-row", [stop, bar.element]),
            fetched,
        ]);

        async function attempt(/** @type {() => Promise<unknown>} */ act) {
            try {
                await act();
            } catch (error) {
                fetched.textContent = /** @type {Error} */ (error).message;
            }
        }

        function show(/** @type {Scorers} */ found) {
            const { missing_packages: lacking, scorers } = found;
            said.textContent = lacking.length
                ? `Nothing can be scored here: this Python has no ${lacking.join(", ")}.`
                : "Nothing is fetched unless you press the button.";
            const head = ["Scorer", "State", "Size", "Licence", "From"];
            list.replaceChildren(modelwise.table("Image scorers", head, scorers.map(row)));
            showFetch(found.fetch);
            changed(found);
        }

        function row(/** @type {ScorerFacts} */ scorer) {
            const { id, missing, kept, licence, page } = scorer;
            const label = kept ? "Go on" : "Fetch";
            const start = modelwise.button(label, () => attempt(() => fetching("POST", id)), `${label}: ${id}`);
            start.dataset.scorer = id;
            const state = missing.length ? make("span", "modelwise-row", ["missing", start]) : "there";
            return [id, state, modelwise.scorerSize(scorer), licence, modelwise.link(page.replace(/^https:\/\//, ""), page)];
        }

        function showFetch(/** @type {ScorerFetching} */ { progress, scorer, file }) {
            const running = progress.state === "running";
            bar.show(progress, "MB");
            stop.hidden = !running;
            list.querySelectorAll("button").forEach((button) => (button.disabled = running));
            const ended = { done: "Fetched", stopped: "Stopped", failed: "Not fetched" }[String(progress.state)];
            const now = running ? `Fetching ${scorer}: ${file}` : "";
            const words = ended ? `${ended} ${scorer}: ${progress.message}` : now;
            if (fetched.textContent !== words) fetched.textContent = words; // it is read aloud once
        }

        async function fetching(/** @type {string} */ method, scorer = "") {
            const first = await modelwise.request("scores/fetch", scorer ? { scorer } : null, null, method);
            showFetch(first);
            if (!scorer) return;
            stop.focus();
            await watch();
            /** @type {HTMLElement | undefined} */
            const again = [...list.querySelectorAll("button")].find((button) => button.dataset.scorer === scorer);
            (again ?? list.querySelector("[tabindex]"))?.focus();
        }

        async function watch() {
            await modelwise.follow(place, () => modelwise.request("scores/fetch"), showFetch);
            await load();
        }

        async function load() {
            show(await modelwise.request("scores"));
        }

        attempt(async () => {
            await load();
            if (!stop.hidden) await watch();
        });
        return place;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
