// What a page gives to our scripts: the WebUI's globals (its script.js and javascript/ui.js), and our own.

/** The page, or the part of it that is gradio's. */
declare function gradioApp(): ParentNode;
/** Tell gradio that a script has written into a box. */
declare function updateInput(target: HTMLElement): void;
declare function onUiLoaded(callback: () => void): void;
declare function onUiUpdate(callback: (changes: MutationRecord[]) => void): void;
declare function onAfterUiUpdate(callback: () => void): void;
declare function onOptionsChanged(callback: () => void): void;
declare function onUiTabChange(callback: () => void): void;
declare function get_uiCurrentTab(): HTMLElement | null;
declare function get_uiCurrentTabContent(): HTMLElement | null;
/** The WebUI's options; which there are depends on its version and extensions. */
declare var opts: Record<string, unknown>;

type Tab = "txt2img" | "img2img";
type Box = HTMLInputElement | HTMLTextAreaElement;

/** What the page held before a preset. */
interface Before {
    values: Record<string, number | string>;
    intent: Record<string, string>;
    touched: string[];
}

/** What a button asks for; `values` and `intent`: in place of what the page holds. */
interface Action extends Partial<Before> {
    kind: string;
    name?: string;
    width?: number;
    height?: number;
}

/** What the server says to the page: values that will be set, or fields that were filled (null: put back). */
interface Answer {
    fields?: Record<string, number | string>;
    touched?: string[] | null;
}

/** What the server says of a change to a text. */
interface Entry {
    kind: string;
    item: string;
    to: string | null;
    slot: string | null;
    where: string;
    reason: string;
}

/** A part of a compiled text (modelwise/explain.py). */
interface Piece {
    kind: "item" | "keyword" | "untouched";
    text: string;
    written: string | null;
    slot: string | null;
    changes: string[];
    reasons: string[];
    why: string;
    source: string;
    card: string;
    otherwise: string;
}

/** The answer of the preview's route (modelwise/webui/preview.py). */
interface Preview {
    line: string;
    profile: string;
    name: string;
    active: boolean;
    warnings: Warned[];
    texts: PreviewText[];
    settings: PreviewSetting[];
}

interface Warned {
    text: string;
    action: string | null;
}

interface PreviewText {
    title: string;
    text: string;
    pieces: Piece[];
    left_out: Entry[];
    tokens: { count: number; limit: number } | null;
}

interface PreviewSetting {
    name: string;
    value: string;
    reason: string;
}

/** Our one global: what the scripts have for each other, for the panel's events and for the tests. */
interface Modelwise {
    TABS: Tab[];
    box(id: string, kind?: string): (Box & { checked?: boolean }) | null;
    elementOf(tab: Tab, name: string): string | null;
    values(tab: Tab): Record<string, number | string>;
    intent(tab: Tab): Record<string, string>;
    PLACES: { touched: number; pasted: number };
    pageOf(tab: Tab): object;
    rememberPanel(tab: Tab, values: unknown[]): void;
    sections: Record<string, (place: HTMLElement) => void>;
    request(route: string, body?: unknown, signal?: AbortSignal | null): Promise<any>;
    preview(tab: Tab): Promise<void>;
    latest(tab: Tab): Preview | null;
    showLatest(tab: Tab): void;
    isOpen(tab: Tab): boolean;
    watchTyping(tab: Tab): () => void;
    showLineOf(tab: Tab, html: string): void;
    showPreview(tab: Tab, preview: Preview): void;
    showNoPreview(tab: Tab, reason: string): void;
    wordOn(piece: Piece): string;
    element(
        name: string,
        kind: string,
        content?: string | Node | (string | Node)[],
        attributes?: Record<string, string>,
    ): HTMLElement;
    toolsOf(tab: Tab): Node[];
    replaceText(box: Box | null, text: string): void;
    asText(preview: Preview): string;
    asked(tab: Tab, inputs: unknown[]): unknown[];
    acted(tab: Tab, inputs: unknown[]): unknown[];
    answered(tab: Tab, answer: string): void;
    press(tab: Tab, name: string): void;
    checkpointChosen(): void;
    act(tab: Tab, action: Action): void;
    write(box: Box | null, text: string): void;
    settled(callback: () => void, milliseconds: number): () => void;
    fieldOf(tab: Tab, id: string): string | null;
    changes(type: string, isOption: boolean, key: string | undefined): boolean;
    filledTab(id: string, inside: Tab | null): Tab | null;
    touchedFields(tab: Tab): string[];
    touch(tab: Tab, fields: string[]): void;
    setTouched(tab: Tab, fields: string[]): void;
    sendTouched(tab: Tab, again?: boolean): void;
    watchFields(tab: Tab, changed: () => void): void;
    watchFillers(): void;
    actionOf(data: DOMStringMap): Action;
    makeOperable(tab: Tab): void;
    hint(value: unknown): string;
    showHints(tab: Tab, fields: Record<string, unknown>): void;
}
declare var modelwise: Modelwise;

/** What the workbench's page has for its own server. */
interface ModelwiseWorkbench {
    optionsChanged(): void;
    openTab(title: string): void;
    openAccordion(id: string, on: boolean): void;
}
declare var modelwiseWorkbench: ModelwiseWorkbench;
