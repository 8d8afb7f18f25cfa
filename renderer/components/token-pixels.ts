/** A size of tokens.css, given there in rem, in pixels; not a number where the stylesheet has none of that name. */
export function tokenPixels(variable: string): number {
  const style = getComputedStyle(document.documentElement);
  return Number.parseFloat(style.getPropertyValue(variable)) * Number.parseFloat(style.fontSize);
}
