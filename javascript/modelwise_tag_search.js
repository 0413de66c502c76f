// What is this tag: its category, the list that says so, the aliases that lead to it, the series.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** The search as a part of a section. */
    modelwise.tagSearch = function () {
        const { element: make } = modelwise;
        const box = modelwise.textBox({ type: "search", maxlength: "200", placeholder: "A tag in any spelling" }, "input");
        const answer = make("div", "modelwise-answer", [], { role: "status" });
        let asked = 0;

        async function find(/** @type {string} */ text) {
            asked += 1;
            const mine = asked;
            if (!text) {
                answer.replaceChildren();
                return;
            }
            try {
                const found = await modelwise.request(`tags/find?tag=${encodeURIComponent(text)}`);
                if (mine === asked) show(found);
            } catch (error) {
                if (mine === asked) answer.replaceChildren(make("p", "", /** @type {Error} */ (error).message));
            }
        }

        function show(/** @type {TagAnswer} */ found) {
            const facts = modelwise.tagFacts(found).flatMap(([name, text]) => [make("dt", "", name), make("dd", "", modelwise.verbatim(text))]);
            const others = found.near.map((name) =>
                make("li", "", [
                    modelwise.button(name, () => {
                        box.value = name;
                        box.focus();
                        find(name);
                    }),
                ]),
            );
            answer.replaceChildren(
                make("dl", "modelwise-facts", facts),
                ...(others.length
                    ? [make("h4", "", "Tags that begin so"), make("ul", "modelwise-row", others, { "aria-label": "Tags that begin so" })]
                    : []),
            );
        }

        const form = make("form", "modelwise-line-up", [
            modelwise.labelled("What is this tag?", box),
            make("button", "modelwise-button", "Look up", { type: "submit" }),
        ]);
        form.addEventListener("submit", (event) => {
            event.preventDefault();
            find(box.value.trim());
        });
        return make("section", "modelwise-search", [form, answer], { "aria-label": "Look a tag up" });
    };

    /** What is said of a tag, as names and texts. */
    modelwise.tagFacts = function ({ tag, found, meant }) {
        /** @type {[string, string][]} */
        const facts = [["Tag", found ? found.name : tag]];
        if (!found) {
            facts.push(["Known", meant ? `no; it is a misspelling of ${meant}` : "in no list; it counts as general"]);
            return facts;
        }
        if (!found.exact) facts.push(["Found as", `the alias ${tag}`]);
        facts.push(["Category", found.category], ["List", found.list]);
        if (found.series.length) facts.push(["Series", found.series.join(", ")]);
        if (found.everyday) facts.push(["Note", "an everyday word: no alias and no artist's name takes it"]);
        const more = found.alias_count - found.aliases.length;
        const aliases = found.aliases.join(", ") + (more ? `, and ${modelwise.count(more)} more` : "");
        facts.push(["Aliases", aliases || "none"]);
        return facts;
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
