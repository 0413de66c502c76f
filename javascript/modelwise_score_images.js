// The images of the section Scores: how far they are, each with its scores and tags, and histograms of all.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const MOST_SHOWN = 200; // images; the tables have all
    const PAUSE = 300; // milliseconds from an answer to the histograms, which show all that came meanwhile

    /** What is said when nothing goes on. */
    modelwise.scoredWords = function ({ scored, bad, left }) {
        const parts = [`${scored === 1 ? "1 image has its" : `${modelwise.count(scored)} images have their`} scores`];
        if (bad) parts.push(`${modelwise.count(bad)} can't be scored`);
        if (left) parts.push(`${modelwise.count(left)} wait${left === 1 ? "s" : ""}`);
        return `${parts.join(", ")}.`;
    };

    /** What is said of cards. */
    modelwise.scaleWords = function (groups) {
        const named = groups.map(({ names, slot, scorer }) => `${names.join(", ")} (${slot} by ${scorer})`);
        return `Cards that state which tag a score gets: ${named.join("; ")}. For all other profiles the tag is unknown.`;
    };

    /** The part of the section. `follow`: to be told what scorers there are. */
    modelwise.scoreImages = function () {
        const { element: make } = modelwise;
        /** @type {string[]} */
        let scorers = [];
        /** @type {ScaleGroup[]} */
        let groups = [];
        /** @type {Map<string, HTMLElement>} */
        const rows = new Map();
        let isDue = false;
        const said = make("p", "modelwise-said", "", { role: "status" });
        const notice = make("p", "modelwise-said", "", { role: "status" });
        const known = make("p", "");
        const list = make("ul", "modelwise-images");
        const more = make("p", "");
        const histograms = make("div", "modelwise-histograms");
        const bar = modelwise.progressBar("Scoring");
        const told = (/** @type {string} */ text) => {
            notice.textContent = text;
        };
        const work = modelwise.scoring({ shown, told, moved, scorers: () => scorers });
        const images = () => work.entries().flatMap(({ result }) => (result ? [result] : []));
        const stop = modelwise.button("Stop", () => work.stop(), "Stop; images without scores wait");
        const goOn = modelwise.button("Go on", () => work.run());
        const saves = modelwise.scoreSaves(images, told);
        const forget = modelwise.askingButton("Forget all", "Forget all images and scores?", clear);
        const intake = modelwise.imageIntake(given, (error) => told(error.message));
        const whole = make("section", "modelwise-group modelwise-scores", [
            make("h4", "", "Images"),
            intake,
            make("div", "modelwise-row", [stop, goOn, bar.element, ...saves, forget]),
            said,
            notice,
            histograms,
            list,
            more,
            known,
        ]);

        function given(/** @type {NamedFile[]} */ files) {
            const skipped = files.length - work.add(files);
            told(files.length ? "" : "Found no images there.");
            if (skipped) told(`${modelwise.count(skipped)} of them have their scores already.`);
            work.run();
        }

        function clear() {
            work.clear();
            rows.clear();
            list.replaceChildren();
            told("");
            draw();
            intake.querySelector("input")?.focus();
        }

        function shown(/** @type {ScoredEntry} */ entry) {
            const before = rows.get(entry.name);
            if (before || rows.size < MOST_SHOWN) {
                const made = modelwise.scoredRow(entry, groups);
                rows.set(entry.name, made);
                if (before) before.replaceWith(made);
                else list.append(made);
            }
            if (isDue) return;
            isDue = true;
            setTimeout(draw, PAUSE);
        }

        function draw() {
            isDue = false;
            const all = images();
            const left = all.length - rows.size;
            histograms.replaceChildren(...groups.flatMap((group) => modelwise.histogram(all, group)));
            more.textContent = left > 0 ? `${modelwise.count(left)} more are in the tables that can be saved.` : "";
        }

        function moved() {
            const progress = work.progress();
            const { done, total, state } = progress;
            const running = state === "running";
            const pressed = [stop, goOn].find((each) => each === document.activeElement);
            bar.show(progress, "images");
            stop.hidden = !running;
            goOn.hidden = running || done === total;
            [...saves, forget].forEach((each) => {
                each.hidden = running || !total;
            });
            const bad = images().filter(({ error }) => error).length;
            said.textContent = running || !total ? "" : modelwise.scoredWords({ scored: done - bad, bad, left: total - done });
            if (pressed?.hidden) [stop, goOn, ...saves].find((each) => !each.hidden)?.focus();
        }

        moved();
        whole.hidden = true;
        return {
            element: whole,
            follow(found) {
                scorers = found.scorers.filter(({ missing }) => !missing.length).map(({ id }) => id);
                groups = modelwise.scaleGroups(found.scales);
                known.textContent = modelwise.scaleWords(groups);
                whole.hidden = found.missing_packages.length > 0 || !scorers.length;
            },
        };
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
