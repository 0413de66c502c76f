// What is shown of scores: an image with its tags, and how many images of all each tag would have got.

(function (/** @type {Modelwise} */ modelwise) {
    "use strict";

    const HIGH = 96; // pixels of a thumbnail
    const GRAPHICS = "http://www.w3.org/2000/svg";

    /** Cards that state the same table stand together. */
    modelwise.scaleGroups = function (scales) {
        /** @type {Map<string, ScaleGroup>} */
        const groups = new Map();
        for (const { profile, name, slot, scorer, bars } of scales) {
            const key = JSON.stringify([slot, scorer, bars]);
            const known = groups.get(key);
            if (known) known.names = [...known.names, name].sort();
            else groups.set(key, { profile, names: [name], slot, scorer, bars });
        }
        return [...groups.values()];
    };

    /** The tag that a group's cards give; nothing where they have none, null where they say nothing. */
    const tagOf = (/** @type {ScoredImage} */ { tags }, /** @type {ScaleGroup} */ { profile, slot }) =>
        tags[profile] && slot in tags[profile] ? (tags[profile][slot] ?? "") : null;

    /** What is said of an image: its scores, then the tags. */
    modelwise.scoreFacts = function (image, groups) {
        const scores = Object.entries(image.scores).map(([scorer, score]) => [scorer, score.toFixed(4)]);
        const said = groups.map((group) => [`${group.names.join(", ")} (${group.slot})`, tagOf(image, group)]);
        const tags = said.filter(([, tag]) => tag !== null).map(([name, tag]) => [name, tag || "no tag"]);
        return /** @type {[string, string][]} */ ([...scores, ...tags]);
    };

    /** How many images each tag of a group would have got, and how many have a score of its scorer. */
    modelwise.tagCounts = function (images, group) {
        const tags = images.map((image) => tagOf(image, group)).filter((tag) => tag !== null);
        const counts = group.bars.map(({ tag }) => tags.filter((each) => each === tag).length);
        return { total: tags.length, counts };
    };

    /** A small picture of a file that has scores: others may be of any size, or none at all. */
    async function draw(/** @type {HTMLCanvasElement} */ canvas, /** @type {File} */ file) {
        const bitmap = await createImageBitmap(file, { resizeHeight: HIGH, resizeQuality: "medium" }).catch(() => null);
        if (!bitmap) return; // the browser can't show what the server can read, such as TIFF
        Object.assign(canvas, { width: bitmap.width, height: bitmap.height });
        canvas.getContext("2d")?.drawImage(bitmap, 0, 0);
        bitmap.close();
    }

    /** An image that has its answer. */
    modelwise.scoredRow = function ({ name, file, result }, groups) {
        const { element: make } = modelwise;
        const thumbnail = /** @type {HTMLCanvasElement} */ (
            make("canvas", "modelwise-thumbnail", [], { width: String(HIGH), height: String(HIGH), "aria-hidden": "true" })
        );
        const said = [make("h5", "", name)];
        if (result?.error) {
            said.push(make("p", "modelwise-wrong", result.error));
        } else if (result) {
            const facts = modelwise.scoreFacts(result, groups).flatMap(([what, value]) => [
                make("dt", "", what),
                make("dd", "", value),
            ]);
            said.push(make("dl", "modelwise-facts", facts));
            draw(thumbnail, file);
        }
        return make("li", "modelwise-scored", [thumbnail, make("div", "", said)]);
    };

    /** A bar as long as its share of the longest; its number stands beside it. */
    function bar(/** @type {number} */ share) {
        const drawn = document.createElementNS(GRAPHICS, "svg");
        const part = document.createElementNS(GRAPHICS, "rect");
        const set = (/** @type {Element} */ element, /** @type {Record<string, string>} */ values) =>
            Object.entries(values).forEach(([key, value]) => element.setAttribute(key, value));
        set(drawn, { class: "modelwise-count", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
        set(part, { width: String(Math.round(share * 100)), height: "10" });
        drawn.append(part);
        return drawn;
    }

    /** How the scores lie in a group's table: a table with bars, so that it can be read and seen. */
    modelwise.histogram = function (images, group) {
        const { total, counts } = modelwise.tagCounts(images, group);
        if (!total) return [];
        const most = Math.max(...counts, 1);
        const rows = group.bars.map(({ tag, scores }, at) => {
            const count = counts[at] ?? 0;
            return [tag, scores, modelwise.count(count), `${((100 * count) / total).toFixed(1)}%`, bar(count / most)];
        });
        const many = total === 1 ? "1 image" : `${modelwise.count(total)} images`;
        const title = `${group.names.join(", ")}, ${group.slot} by ${group.scorer}: ${many}`;
        const whole = modelwise.table(title, ["Tag", "Score", "Images", "Share", ""], rows);
        whole.classList.add("modelwise-histogram");
        return [whole];
    };
})((globalThis.modelwise ??= /** @type {Modelwise} */ ({})));
