// Adding an own tag list: the file goes to the server as it is, which checks it and says what is wrong.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const LARGEST = 64_000_000; // bytes, as the server has it
    const TAKEN = 409;

    /** Send a list; an answer, or null where one of that name is in the way. Throws an Error that can be shown. */
    async function sent(/** @type {File} */ picked, /** @type {boolean} */ replace) {
        if (picked.size > LARGEST) {
            throw new Error(`${picked.name}: found ${(picked.size / 1e6).toFixed(1)} MB; allowed: at most 64 MB`);
        }
        const asked = new URLSearchParams({ name: picked.name, ...(replace && { replace: "true" }) });
        const headers = { "Content-Type": "text/csv" };
        const response = await fetch(`modelwise/v1/tags/lists?${asked}`, { method: "POST", headers, body: picked });
        const answer = await response.json().catch(() => null);
        if (response.ok) return answer;
        if (response.status === TAKEN && answer?.field === "name") return null;
        throw new Error(answer?.error ?? `Modelwise's server answers with ${response.status}`);
    }

    /** What is said of a list that was added. */
    modelwise.addedWords = function ({ added, tags }) {
        const list = tags.lists.find(({ name, own }) => own && name === added);
        const bad = list?.problem_count ? `, ${modelwise.count(list.problem_count)} lines left out` : "";
        return `${added}: ${modelwise.count(list?.rows ?? 0)} tags${bad}. They count from now on.`;
    };

    /** The upload as a part of a section. `added`: called with the answer. */
    modelwise.tagUpload = function (added) {
        const { element: make } = modelwise;
        const said = make("p", "modelwise-said", "", { role: "status" });
        const attributes = { type: "file", accept: ".csv,text/csv" };
        const box = /** @type {HTMLInputElement} */ (make("input", "modelwise-box", [], attributes));

        function replacing(/** @type {File} */ picked) {
            const yes = modelwise.button("Replace it", () => add(picked, true));
            const no = modelwise.button("Leave it", () => {
                said.replaceChildren();
                box.focus();
            });
            said.replaceChildren(`There is a list named ${picked.name}. `, yes, " ", no);
            yes.focus();
        }

        async function add(/** @type {File} */ picked, replace = false) {
            said.textContent = `${picked.name} is being read…`;
            try {
                const answer = await sent(picked, replace);
                if (!answer) {
                    replacing(picked);
                    return;
                }
                said.textContent = modelwise.addedWords(answer);
                added(answer);
                if (replace) box.focus();
            } catch (error) {
                said.textContent = /** @type {Error} */ (error).message;
            }
        }

        box.addEventListener("change", async () => {
            const picked = box.files?.[0];
            if (picked) await add(picked);
            box.value = ""; // so that the same file can be picked again
        });
        return make("section", "modelwise-group", [
            make("h4", "", "Your own lists"),
            make("p", "", 'CSV in UTF-8, a tag a line: name,type,count,"aliases"; or name,translation.'),
            modelwise.labelled("Add a list", box),
            said,
        ]);
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
