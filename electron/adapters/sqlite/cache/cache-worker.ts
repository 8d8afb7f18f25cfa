import { createCacheStore, type CacheStore, type CacheStoreInit } from './cache-store.ts';

/** Entry of the thread that reads the cache. */
export function createStore(init: CacheStoreInit): CacheStore {
  return createCacheStore(init);
}
