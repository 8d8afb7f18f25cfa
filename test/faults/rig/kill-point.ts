/** When a life ends. `moment` and `count` are told to the process itself; the others are watched from outside. */
export type KillPoint =
  | { by: 'nobody' }
  /** At the n-th moment that the process passes, or so many milliseconds after it. */
  | { by: 'count'; count: number; afterMs: number | null }
  /** At the n-th moment of this name. */
  | { by: 'moment'; moment: string; nth: number }
  /** So many milliseconds after the process has begun to work. */
  | { by: 'time'; ms: number }
  /** Once so many bytes have gone through the connections of the process, in both directions. */
  | { by: 'bytes'; bytes: number }
  /** At a point of the n-th call whose `METHOD path` matches. */
  | { by: 'wire'; call: string; nth: number; point: WirePoint };

/** Points of one HTTP call. `effect-later`: the process dies, then the org gets the call; `never-sent`: it dies with the whole call on its way, and the org gets nothing. */
export const wirePoints = ['socket-open', 'headers-sent', 'half-sent', 'never-sent', 'effect-later', 'effect-done', 'half-answered', 'answered'] as const;
export type WirePoint = (typeof wirePoints)[number];

/** What a life is to do. */
export interface LifeOrders {
  folder: string;
  url: string;
  accessToken: string;
  mode: 'collections' | 'strict' | 'bulk';
  chunkSize: number;
  lateEffectMs: number;
  killAt: KillPoint;
}
