/** The size of text that the person has chosen, which every size of tokens.css follows, in pixels. */
export function remPixels(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

/** A size of tokens.css, given there in rem, in pixels; not a number where the stylesheet has none of that name. */
export function tokenPixels(variable: string): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).getPropertyValue(variable)) * remPixels();
}
