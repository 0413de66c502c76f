// The tab's section About: what runs here, and a report with nothing private in it, to be copied.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.about = function (place) {
        const { element: make } = modelwise;
        const said = make("span", "modelwise-said", "", { role: "status" });
        const parts = make("div", "modelwise-parts");
        let report = "";

        async function load() {
            try {
                const found = /** @type {About} */ (await modelwise.request("about"));
                report = found.report;
                parts.replaceChildren(...shown(found));
                said.textContent = "";
            } catch (error) {
                said.textContent = /** @type {Error} */ (error).message;
            }
        }

        function shown(/** @type {About} */ { versions, features, loaded, timings, log }) {
            const facts = (/** @type {Fact[]} */ list) => list.map(({ name, value }) => [name, value]);
            const times = timings.map(({ work, milliseconds }) => [work, `${milliseconds} ms`]);
            const host = features.map(({ name, found, use }) => [name, found ? "found" : "missing", use]);
            return [
                modelwise.table("Versions", ["What", "Version"], facts(versions)),
                modelwise.table("What the host has", ["Feature", "Here", "Use"], host),
                modelwise.table("Loaded", ["What", "How much"], facts(loaded)),
                modelwise.table("How long it took last", ["Work", "Time"], times),
                make("h4", "", "Log"),
                make("pre", "modelwise-log", log.join("\n") || "Nothing was logged.", {
                    tabindex: "0",
                    role: "region",
                    "aria-label": "Log",
                }),
            ];
        }

        async function copy() {
            try {
                await modelwise.copyText(report);
                said.textContent = "Copied: without folders, and without your name.";
            } catch (error) {
                said.textContent = /** @type {Error} */ (error).message;
            }
        }

        place.append(
            make("div", "modelwise-row", [
                modelwise.button("Copy report", copy, "Copy all of this for a bug report"),
                modelwise.button("Read again", load),
                said,
            ]),
            parts,
        );
        load();
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
