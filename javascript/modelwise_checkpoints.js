// The tab's section Checkpoints: every checkpoint with its profile and the reason, searched, sorted, changed.
//
// However many there are, only the rows that were scrolled to are in the page.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const AT_ONCE = 100; // rows that are made at a time

    modelwise.sections = modelwise.sections ?? {};
    modelwise.sections.checkpoints = function (place) {
        const { element: make } = modelwise;
        /** @type {CheckpointRow[]} */
        let rows = [];
        /** @type {CheckpointRow[]} */
        let shown = [];
        /** @type {Record<string, string>} */
        let names = {};
        /** @type {{ column: CheckpointColumn, descending: boolean }} */
        const order = { column: "checkpoint", descending: false };
        /** @type {Healths} */
        const healths = new Map();
        /** What shows a file's health in its row, by the checkpoint's name. @type {Map<string, () => void>} */
        const marks = new Map();
        let made = 0; // rows that are in the page

        const said = make("p", "modelwise-said", "", { role: "status" });
        const bar = modelwise.progressBar("Looking at the checkpoints");
        const search = modelwise.textBox({ type: "search", placeholder: "Name, profile, reason" }, "input");
        const unknown = modelwise.checkBox(false);
        const findings = modelwise.checkBox(false);
        const examining = modelwise.examining(place, {
            names: () => (shown.length ? (shown.length < rows.length ? shown.map((row) => row.checkpoint) : []) : null),
            learnt,
            say: examined,
        });
        const again = modelwise.button("Look again", look, "Look at every checkpoint again");
        const heads = new Map(modelwise.CHECKPOINT_COLUMNS.map((column) => [column[0], head(column)]));
        const body = make("tbody", "", [], { role: "rowgroup" });
        const end = make("div", "modelwise-end");
        const top = make("thead", "", [make("tr", "", [...heads.values()], { role: "row" })], { role: "rowgroup" });
        const table = make("table", "modelwise-table", [top, body], { role: "table" });
        const scrolled = make("div", "modelwise-checkpoints", [table, end], {
            tabindex: "0",
            role: "region",
            "aria-label": "Checkpoints",
        });

        function head(/** @type {[CheckpointColumn, string]} */ [column, label]) {
            const sort = modelwise.button(label, () => {
                order.descending = order.column === column && !order.descending;
                order.column = column;
                show();
            });
            return make("th", "", [sort], { scope: "col", role: "columnheader" });
        }

        function show() {
            const chosen = { text: search.value, unknown: unknown.checked, findings: findings.checked };
            shown = modelwise.chosenRows(rows, { ...chosen, ...order, healths });
            for (const [column, cell] of heads) {
                const way = order.descending ? "descending" : "ascending";
                cell.setAttribute("aria-sort", column === order.column ? way : "none");
            }
            table.setAttribute("aria-rowcount", String(shown.length + 1));
            body.replaceChildren();
            marks.clear();
            made = 0;
            scrolled.scrollTop = 0;
            more();
            say();
        }

        function say() {
            const known = rows.filter((row) => row.recognised).length;
            const found = shown.length === rows.length ? "" : `${modelwise.count(shown.length)} shown of `;
            said.textContent = rows.length
                ? `${found}${modelwise.count(rows.length)} checkpoints, ${modelwise.count(known)} recognised`
                : "There are no checkpoints.";
        }

        function more() {
            const next = shown.slice(made, made + AT_ONCE);
            body.append(...next.map(line));
            made += next.length;
            end.hidden = made >= shown.length;
        }

        function line(/** @type {CheckpointRow} */ row) {
            const { checkpoint } = row;
            const { cell, show: showMark } = modelwise.healthCell(row, {
                health: () => healths.get(checkpoint),
                learnt: (found) => learnt([found]),
                say: (words) => (said.textContent = words),
            });
            marks.set(checkpoint, showMark);
            return modelwise.checkpointRow(row, () => names, (profile) => choose(row, profile), cell);
        }

        function learnt(/** @type {FileHealth[]} */ found) {
            for (const health of found) {
                healths.set(health.checkpoint, health);
                marks.get(health.checkpoint)?.();
            }
        }

        /** Many were examined: only then do rows come, go and change places. */
        function examined(/** @type {string} */ words) {
            if (findings.checked || order.column === "health") show();
            said.textContent = words;
        }

        async function choose(/** @type {CheckpointRow} */ row, /** @type {string} */ profile) {
            try {
                const asked = { checkpoint: row.checkpoint, profile };
                const changed = await modelwise.request("checkpoints", asked, null, "PATCH");
                const file = (/** @type {CheckpointRow} */ each) => each.checkpoint.split(/[/\\]/).pop();
                // Files of one name in several folders share a choice: those are looked at again.
                if (rows.some((each) => each.checkpoint !== row.checkpoint && file(each) === file(row))) look();
                rows = rows.map((each) => (each.checkpoint === row.checkpoint ? changed : each));
                shown = shown.map((each) => (each.checkpoint === row.checkpoint ? changed : each));
                const old = [...body.children].find((each) => each.getAttribute("data-checkpoint") === row.checkpoint);
                if (old?.nextElementSibling?.matches(".modelwise-details")) old.nextElementSibling.remove();
                const replaced = line(changed);
                old?.replaceWith(replaced);
                replaced.querySelector("button")?.focus();
                said.textContent = `${row.checkpoint}: ${changed.reason}`;
                modelwise.panelsFollow();
            } catch (error) {
                said.textContent = `Not changed: ${/** @type {Error} */ (error).message}`;
            }
        }

        async function look() {
            try {
                const [found, known] = await Promise.all([
                    modelwise.request("checkpoints", {}),
                    modelwise.request("profiles"),
                ]);
                names = Object.fromEntries(
                    /** @type {ProfileSummary[]} */ (known.profiles).map(({ id, name }) => [id, name]),
                );
                /** @type {CheckpointList | null} */
                let first = found;
                const ask = async () => {
                    const answer = first ?? (await modelwise.request("checkpoints"));
                    first = null;
                    return answer;
                };
                await modelwise.follow(place, ask, taken);
            } catch (error) {
                said.textContent = `Not looked at: ${/** @type {Error} */ (error).message}`;
            }
        }

        function taken(/** @type {CheckpointList} */ answer) {
            bar.show(answer.progress, "checkpoints");
            if (answer.progress.state === "running") return;
            if (answer.progress.state === "failed") throw new Error(answer.progress.message);
            rows = answer.checkpoints;
            show();
        }

        search.addEventListener("input", modelwise.settled(show, 150));
        unknown.addEventListener("change", show);
        findings.addEventListener("change", show);
        new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && more(), {
            root: scrolled,
            rootMargin: "400px",
        }).observe(end);
        place.append(
            make("div", "modelwise-line-up", [
                modelwise.labelled("Search", search),
                modelwise.labelled("Unknown only", unknown),
                modelwise.labelled("With findings only", findings),
                again,
            ]),
            examining.element,
            bar.element,
            said,
            scrolled,
            modelwise.modelDoctor(),
        );
        modelwise.onProfilesChanged(look);
        look();
        examining.resume();
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
