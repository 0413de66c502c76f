// Examining the files of checkpoints: one, or many with a bar and a button that stops it. Nothing is examined by itself.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** The buttons and the bar. `names`: which files, none for all, null where there is none; `learnt`: called with what
     *  was found; `say`: says a sentence, at the end or instead of one. */
    modelwise.examining = function (place, { names, learnt, say }) {
        const { element: make } = modelwise;
        const bar = modelwise.progressBar("Examining checkpoints");
        const all = modelwise.button("Examine all", begin, "Examine all checkpoints that are shown here");
        const cancel = modelwise.button("Cancel", stop, "Stop examining; what was found stays");
        cancel.hidden = true;
        let latest = 0; // the highest number that is known
        let goesOn = false;

        function taken(/** @type {Examinations} */ { progress, found }) {
            goesOn = progress.state === "running";
            bar.show(progress, "checkpoints");
            if (cancel.contains(document.activeElement) && !goesOn) all.focus();
            cancel.hidden = !goesOn;
            latest = Math.max(latest, ...found.map(({ number }) => number));
            learnt(found);
        }

        async function follow(/** @type {Examinations} */ first) {
            /** @type {Examinations | null} */
            let answer = first;
            /** @type {Progress} */
            let progress = first.progress;
            const ask = async () => {
                const next = answer ?? (await modelwise.request(`doctor/checkpoints?after=${latest}`));
                answer = null;
                return next;
            };
            await modelwise.follow(place, ask, (/** @type {Examinations} */ next) => {
                progress = next.progress;
                taken(next);
            });
            const { state, message } = progress;
            if (state === "running") return; // the place has left the page
            if (state === "failed") throw new Error(message);
            say(`${state === "stopped" ? "Stopped" : "Examined"}: ${modelwise.progressWords(progress, "checkpoints")}`);
        }

        async function begin() {
            if (goesOn) return;
            try {
                const checkpoints = names();
                if (!checkpoints) say("There is nothing to examine here.");
                else await follow(await modelwise.request("doctor/checkpoints", { checkpoints }));
            } catch (error) {
                say(`Not examined: ${/** @type {Error} */ (error).message}`);
            }
        }

        async function stop() {
            try {
                await modelwise.request("doctor/checkpoints", null, null, "DELETE");
            } catch (error) {
                say(`Not stopped: ${/** @type {Error} */ (error).message}`);
            }
        }

        /** What is known already; an examination that another page began is followed. */
        async function resume() {
            try {
                const known = await modelwise.request("doctor/checkpoints");
                taken(known);
                if (goesOn) await follow(known);
            } catch (error) {
                say(`Not examined: ${/** @type {Error} */ (error).message}`);
            }
        }

        return { element: make("div", "modelwise-row", [all, cancel, bar.element]), resume };
    };

    /** Examine one file; gives what was found. Throws an Error that can be shown. */
    modelwise.examineOne = (checkpoint) =>
        modelwise.request(`doctor/checkpoint?checkpoint=${encodeURIComponent(checkpoint)}`);
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
