// Scores saved as files, in the command line's own form: the server makes the tables.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Images with their answers as lines, as the server takes them. */
    modelwise.scoreLines = function (images) {
        return images.map(({ file, scores, error }) => JSON.stringify({ file, scores, error })).join("\n");
    };

    async function tables(/** @type {ScoredImage[]} */ images) {
        const headers = { "Content-Type": "application/jsonl" };
        const question = { method: "POST", headers, body: modelwise.scoreLines(images) };
        const response = await fetch("modelwise/v1/scores/tables", question);
        const answer = await response.json().catch(() => null);
        if (!response.ok) throw new Error(answer?.error ?? `Modelwise's server answers with ${response.status}`);
        return /** @type {ScoreTables} */ (answer);
    }

    const asJson = (/** @type {ScoreTables} */ { images, histograms }) => `${JSON.stringify({ images, histograms }, null, 2)}\n`;

    /** The buttons that save. `images`: gives what is saved; `told`: called with why nothing was. */
    modelwise.scoreSaves = function (images, told) {
        async function save(/** @type {string} */ ending, /** @type {(found: ScoreTables) => string} */ text) {
            try {
                modelwise.download(`modelwise-scores.${ending}`, text(await tables(images())));
            } catch (error) {
                told(/** @type {Error} */ (error).message);
            }
        }

        return [
            modelwise.button("Save as CSV", () => save("csv", ({ csv }) => csv)),
            modelwise.button("Save as JSON", () => save("json", asJson)),
        ];
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
