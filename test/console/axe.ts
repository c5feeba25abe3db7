import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

const rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** What axe finds wrong, a line each. */
export async function violationsOn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(rules).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary = "" }) => {
      const why = failureSummary.split("\n").slice(1, 3).join(" ").trim();
      return `${id}: ${help}: ${html.slice(0, 160)} (${why.slice(0, 200)})`;
    }),
  );
}

/** CSS pixels by which the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
