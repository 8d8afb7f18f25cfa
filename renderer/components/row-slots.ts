/**
 * Says which element each row is drawn in, so that a jump fills the elements that are there instead of making new ones.
 *
 * Shape:  rows that stay drawn keep their elements and their order. A jump is a drawing of which no row but the current one was drawn before;
 *         a row that becomes current by it gets an element of its own, so that the focus moves and is announced.
 */
export class RowSlots {
  #slots = new Map<number, number>();
  #made = 0;

  /** Slots of the rows to draw; a slot is the key of an element. The same rows again get the same slots. */
  assign(indexes: readonly number[], current: number): ReadonlyMap<number, number> {
    const before = this.#slots;
    const isJump = indexes.every((index) => index === current || !before.has(index));
    const free = isJump ? [...before].flatMap(([index, slot]) => (index === current ? [] : [slot])) : [];
    this.#slots = new Map(indexes.map((index) => [index, before.get(index) ?? (index === current ? undefined : free.shift()) ?? this.#make()]));
    return this.#slots;
  }

  #make(): number {
    this.#made += 1;
    return this.#made;
  }
}
