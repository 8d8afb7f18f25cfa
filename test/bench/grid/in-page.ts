import type { Page } from 'playwright-core';

/** What the measuring script offers in the page. */
interface InPage {
  bench: {
    /** Looks at every frame, before it is drawn, for what `isDone` says. */
    watch(isDone: () => boolean): void;
    /** Milliseconds from the last click or key to the end of the first frame that shows it. */
    seen: Promise<number>;
    /** Frames drawn from now until `stop` is called. */
    recordFrames(): void;
    stopFrames(): number[];
    /** Resolves after the frame that is drawn next has been handed to the screen. */
    painted(): Promise<void>;
  };
}

/**
 * Brings the stopwatch into every page that is opened from now on. It runs in the page, so that the way from this process to
 * the browser is not counted: from the moment the browser got the input to the end of the frame that shows the result.
 */
export async function addStopwatch(page: Page): Promise<void> {
  await page.addInitScript(() => {
    let began = 0;
    for (const name of ['pointerdown', 'keydown'] as const) window.addEventListener(name, (event) => (began = event.timeStamp), { capture: true });
    let frames: number[] = [];
    let isRecording = false;
    /** In a frame that is about to be drawn: resolves once it is. */
    const ended = () => new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('message', () => resolve(), { once: true });
      port1.start();
      port2.postMessage(null);
    });
    const painted = () => new Promise<void>((resolve) => requestAnimationFrame(() => void ended().then(resolve)));
    const frame = (last: number) => (now: number) => {
      if (!isRecording) return;
      frames.push(now - last);
      requestAnimationFrame(frame(now));
    };
    (window as unknown as InPage).bench = {
      painted,
      seen: new Promise<number>(() => {}),
      watch(isDone) {
        this.seen = new Promise((resolve) => {
          const look = () => {
            if (isDone()) void ended().then(() => resolve(performance.now() - began));
            else requestAnimationFrame(look);
          };
          requestAnimationFrame(look);
        });
      },
      recordFrames() {
        frames = [];
        isRecording = true;
        requestAnimationFrame((now) => requestAnimationFrame(frame(now)));
      },
      stopFrames() {
        isRecording = false;
        return frames;
      },
    };
  });
}

const doneLimitMs = 60_000;
/** Nobody takes the next step sooner after the last one was seen. */
const lookMs = 200;

/**
 * Does something with the keyboard or the mouse and says how long it took to be seen. Before that it waits as long as somebody looks
 * at what the last step has shown.
 *
 * Shape:  `isDone` is an expression of the page; it must be false before.
 * Errors: throws when it is not seen within a minute, or was true already.
 */
export async function timeUntil(page: Page, isDone: string, act: () => Promise<void>): Promise<number> {
  await page.waitForTimeout(lookMs);
  if (await page.evaluate<boolean>(isDone)) throw new Error(`This was so already: ${isDone}`);
  await page.evaluate(`window.bench.watch(() => ${isDone})`);
  await act();
  const ms = page.evaluate<number>('window.bench.seen');
  return Promise.race([ms, new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`This was not seen: ${isDone}`)), doneLimitMs).unref())]);
}

/** The times between the frames that the page draws while something goes on. */
export async function framesDuring(page: Page, work: () => Promise<void>): Promise<number[]> {
  await page.evaluate('window.bench.recordFrames()');
  await work();
  return page.evaluate<number[]>('window.bench.stopFrames()');
}
