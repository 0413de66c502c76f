// The rows of the checkpoints: which are shown, in which order, and how one looks and is changed.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** Made when it is first needed: that takes the browser some ten milliseconds. @type {Intl.Collator | undefined} */
    let collator;

    /** The columns, by what they are sorted by. @type {[CheckpointColumn, string][]} */
    modelwise.CHECKPOINT_COLUMNS = [
        ["checkpoint", "Checkpoint"],
        ["architecture", "Architecture"],
        ["name", "Profile"],
        ["reason", "Why"],
        ["health", "Health"],
    ];

    /** The rows that a search finds, in a column's order. `unknown`: only those that nobody recognised; `findings`:
     *  only those in which the doctor found something. */
    modelwise.chosenRows = function (rows, { text, unknown, findings, column, descending, healths }) {
        const found = rows.filter(
            (row) =>
                !(unknown && row.recognised) &&
                !(findings && !healths.get(row.checkpoint)?.findings.length) &&
                modelwise.finds(text, `${row.checkpoint} ${row.architecture} ${row.name} ${row.profile} ${row.reason}`),
        );
        const order = (collator ??= new Intl.Collator("en", { numeric: true, sensitivity: "base" }));
        const way = descending ? -1 : 1;
        const rank = (/** @type {CheckpointRow} */ row) => modelwise.healthRank(healths.get(row.checkpoint));
        const compare = (/** @type {CheckpointRow} */ one, /** @type {CheckpointRow} */ other) =>
            column === "health" ? rank(one) - rank(other) : order.compare(String(one[column]), String(other[column]));
        return found.sort(
            (one, other) => way * compare(one, other) || order.compare(one.checkpoint, other.checkpoint),
        );
    };

    /** The cell of a row's profile. `profiles`: names by id; `choose`: what is done with another profile, empty to forget. */
    modelwise.profileCell = function (row, profiles, choose) {
        const { element: make } = modelwise;
        const cell = make("td", "", [], { "data-label": "Profile", role: "cell" });
        const title = `Choose a profile for ${row.checkpoint}`;
        const change = modelwise.button("Change", edit, title);
        change.setAttribute("aria-label", title);

        function show() {
            const name = make("span", row.recognised ? "" : "modelwise-unknown", row.name);
            cell.replaceChildren(make("div", "modelwise-assigned", [name, change]));
        }

        function edit() {
            const chosen = row.chosen ? row.profile : (row.suggestion ?? (row.recognised ? row.profile : ""));
            const offered = { "": "Auto: by hash, metadata, name, architecture", ...profiles() };
            const list = modelwise.select(offered, { "aria-label": title });
            list.value = chosen;
            const stop = () => {
                show();
                change.focus();
            };
            const buttons = [modelwise.button("Save", () => choose(list.value)), modelwise.button("Cancel", stop)];
            const whole = make("div", "modelwise-assigned", [list, ...buttons]);
            whole.addEventListener("keydown", ({ key }) => {
                if (key === "Escape") stop();
            });
            cell.replaceChildren(whole);
            list.focus();
        }

        show();
        return cell;
    };

    /** A row of the table; its roles are named, as a narrow page shows it as a block. `health`: its last cell. */
    modelwise.checkpointRow = function (row, profiles, choose, health) {
        const { element: make } = modelwise;
        const text = (/** @type {string} */ label, /** @type {string} */ words) =>
            make("td", "", words, { "data-label": label, role: "cell" });
        const cells = [
            text("Checkpoint", row.checkpoint),
            text("Architecture", row.architecture),
            modelwise.profileCell(row, profiles, choose),
            text("Why", row.reason),
            health,
        ];
        return make("tr", "", cells, { "data-checkpoint": row.checkpoint, role: "row" });
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
