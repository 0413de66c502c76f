// What the doctor says of a checkpoint: the short mark of its row, how marks are compared, and the findings.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    /** From bad to harmless. @type {Severity[]} */
    const SEVERITIES = ["problem", "warning", "note"];
    const SIGNS = { note: "·", warning: "!", problem: "✕" };

    /** The worst of some findings; empty where there are none. @type {(findings: Finding[]) => Severity | ""} */
    const worst = (findings) => SEVERITIES.find((level) => findings.some(({ severity }) => severity === level)) ?? "";

    /** A number that is higher the worse it is, and lowest for files that nobody has examined. */
    modelwise.healthRank = function (health) {
        if (!health) return -1;
        const level = worst(health.findings);
        return (level ? SEVERITIES.length - SEVERITIES.indexOf(level) : 0) * 1000 + health.findings.length;
    };

    /** The short mark in words. */
    modelwise.healthWords = function (health) {
        if (!health) return "not examined";
        const number = health.findings.length;
        if (!number) return "healthy";
        return number === 1 ? `1 ${worst(health.findings)}` : `${number} findings, worst: ${worst(health.findings)}`;
    };

    /** The short mark; its sign says the same as its colour and its words. */
    modelwise.healthMark = function (health) {
        const { element: make } = modelwise;
        if (!health) return make("span", "modelwise-unknown", modelwise.healthWords(health));
        const level = worst(health.findings);
        const sign = make("span", "modelwise-sign", level ? SIGNS[level] : "✓", { "aria-hidden": "true" });
        const words = make("span", "", modelwise.healthWords(health));
        return make("span", "modelwise-mark", [sign, words], { "data-severity": level || "healthy" });
    };

    /** The findings, each with what it means, how sure it is and what to do. */
    modelwise.findingList = function (findings) {
        const { element: make } = modelwise;
        const items = findings.map(({ severity, certainty, found, meaning, advice }) =>
            make("li", "", [
                make("div", "modelwise-found", [
                    make("span", "modelwise-sign", SIGNS[severity], { "aria-hidden": "true" }),
                    make("strong", "", `${severity}: `),
                    make("span", "", found),
                ]),
                make("div", "", `Means (${certainty}): ${meaning}`),
                make("div", "", `To do: ${advice}`),
            ], { "data-severity": severity }),
        );
        return make("ul", "modelwise-finding-list", items);
    };

    /** What is shown below a row: its findings, or that there are none. */
    modelwise.healthDetails = function (health) {
        if (health.findings.length) return modelwise.findingList(health.findings);
        const counted = `${modelwise.count(health.tensors)} tensors, ${modelwise.count(health.tensors_read)} small ones read`;
        return modelwise.element("p", "", `Nothing was found (${counted}).`);
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
