// Measures the search of tags, key by key, and how good its answers are.
//
//     node benchmarks/autocomplete.mjs --csv FILE --queries FILE
//
// The queries are lines of {"kind", "typed", "tag"}; `tag` is null where no tag is meant. Each is typed letter by
// letter, up to twelve. Prints one JSON object. The index is built by modelwise/completion.py: in the environment
// that dev.py makes, or by the Python that MODELWISE_PYTHON names.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { gzipSync } from "node:zlib";

const ROOT = path.join(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const { modelwise, FullScan, mistyped } = createRequire(import.meta.url)("../tests/javascript/support/completion.js");

const [LONGEST, SHOWN, BATCHES, BATCH, LOADS, RANDOM] = [12, 10, 5, 4, 7, 500];
const BUILD = `
import json, sys, time
from pathlib import Path
import msgspec
from modelwise import completion
from modelwise.tag_files import read_csv
begin = time.perf_counter()
rows = completion.rows_of([read_csv(Path(sys.argv[1]))])
Path(sys.argv[2]).write_bytes(completion.build(rows))
sys.stdout.write(json.dumps((time.perf_counter() - begin) * 1000))
Path(sys.argv[3]).write_bytes(b"\\n".join(map(msgspec.json.encode, rows)))
`;

const rounded = (number) => Number(number.toFixed(4));
const search = (index, typed, limit = SHOWN) => Array.from(modelwise.search(index, typed, { limit }));

function main() {
    const { values } = parseArgs({ options: { csv: { type: "string" }, queries: { type: "string" } } });
    if (!values.csv || !values.queries) throw new Error("--csv FILE and --queries FILE are needed");
    const queries = readQueries(values.queries);
    const { buffer, buildTime, rows } = built(path.resolve(values.csv));
    const { index, loadTime } = loaded(buffer);
    const keys = queries.flatMap(({ typed }) => Array.from(typed, (_, at) => typed.slice(0, at + 1)));
    const times = timesOf(index, keys);
    const share = (part) => rounded(times[Math.min(times.length - 1, Math.floor(times.length * part))]);
    return {
        tags: index.counts.length,
        keys: keys.length,
        p50_ms: share(0.5),
        p99_ms: share(0.99),
        max_ms: share(1),
        build_ms: rounded(buildTime),
        load_ms: rounded(loadTime),
        bytes: memoryOf(index),
        bytes_over_the_wire: gzipSync(new Uint8Array(buffer), { level: 9 }).length,
        top10: rounded(agreement(index, rows, keys)),
        found: foundOf(index, queries),
        random_typos_in_the_top_5: { one: rounded(random(index, 1)), two: rounded(random(index, 2)) },
    };
}

function readQueries(file) {
    const lines = readFileSync(file, "utf8").split("\n").filter((line) => line.trim());
    return lines.map((line, at) => {
        const query = JSON.parse(line);
        const isRight = typeof query.typed === "string" && typeof query.kind === "string" && query.tag !== undefined;
        if (!isRight) throw new Error(`${file}, line ${at + 1}: found ${line}; allowed: {"kind", "typed", "tag"}`);
        return { ...query, typed: Array.from(query.typed).slice(0, LONGEST).join("") };
    });
}

function python() {
    const environments = readdirSync(ROOT).filter((name) => name.startsWith(".venv-"));
    const inside = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
    const found = environments.map((name) => path.join(ROOT, name, ...inside)).find((file) => existsSync(file));
    return process.env.MODELWISE_PYTHON ?? found ?? "python3";
}

function built(csv) {
    const folder = mkdtempSync(path.join(tmpdir(), "modelwise-"));
    try {
        const [file, list] = [path.join(folder, "index.bin"), path.join(folder, "rows.jsonl")];
        const told = execFileSync(python(), ["-c", BUILD, csv, file, list], { cwd: ROOT, encoding: "utf8" });
        const rows = readFileSync(list, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));
        return { buffer: new Uint8Array(readFileSync(file)).buffer, buildTime: JSON.parse(told), rows };
    } finally {
        rmSync(folder, { recursive: true });
    }
}

/** The index, and the median time of opening it. */
function loaded(buffer) {
    const times = [];
    let index;
    for (let load = 0; load < LOADS; load++) {
        const begin = performance.now();
        index = modelwise.openIndex(buffer);
        times.push(performance.now() - begin);
    }
    return { index, loadTime: times.sort((one, other) => one - other)[Math.floor(LOADS / 2)] };
}

/** Everything that an index keeps: the buffer that its views look into, and what was made beside it. */
function memoryOf(index) {
    const lists = [...Object.values(index), ...Object.values(index.own)].filter((value) => ArrayBuffer.isView(value));
    const buffers = new Set(lists.map((list) => list.buffer));
    return [...buffers].reduce((sum, buffer) => sum + buffer.byteLength, 0);
}

/** The milliseconds of each key press, sorted: of some batches the fastest, as the others hold what else ran. */
function timesOf(index, keys) {
    for (const key of keys) search(index, key);
    const times = keys.map((key) => {
        const batches = Array.from({ length: BATCHES }, () => {
            const begin = performance.now();
            for (let time = 0; time < BATCH; time++) search(index, key);
            return (performance.now() - begin) / BATCH;
        });
        return Math.min(...batches);
    });
    return times.sort((one, other) => one - other);
}

/** In how many of the keys the first ten are those of a full scan; what is found by a typo is left out. */
function agreement(index, rows, keys) {
    const scan = new FullScan(rows.map(({ name, ...row }) => ({ ...row, tag: name })));
    const distinct = [...new Set(keys)];
    const same = distinct.filter((key) => {
        const expected = scan.exact(key).sort((one, other) => one.tier - other.tier).slice(0, SHOWN);
        const found = search(index, key).filter(({ kind }) => kind !== "typo");
        return found.map(({ tag }) => tag).join("\n") === expected.map(({ row }) => row.tag).join("\n");
    });
    return same.length / distinct.length;
}

function foundOf(index, queries) {
    const kinds = {};
    for (const { kind, typed, tag } of queries) {
        const found = search(index, typed);
        const count = (kinds[kind] ??= [0, 0]);
        count[0] += tag === null ? found.length > 0 : found.some((match) => match.tag === tag);
        count[1] += 1;
    }
    return kinds;
}

/** In how many of some tags the tag is among the first five where it is typed with random edits. */
function random(index, edits) {
    let state = 20;
    const dice = (sides) => {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
        return Math.floor((state / 0x80000000) * sides);
    };
    let [found, tried] = [0, 0];
    while (tried < Math.min(RANDOM, index.counts.length)) {
        const tag = modelwise.tagOf(index, dice(index.counts.length));
        let typed = tag;
        for (let edit = 0; edit < edits && typed; edit++) typed = mistyped(typed, dice);
        if (typed === tag) continue;
        tried += 1;
        found += search(index, typed, 5).some((match) => match.tag === tag);
    }
    return found / tried;
}

try {
    process.stdout.write(`${JSON.stringify(main())}\n`);
} catch (error) {
    process.stderr.write(`autocomplete.mjs: ${error.message}\n`);
    process.exitCode = 1;
}
