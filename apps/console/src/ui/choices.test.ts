import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { RadioCards, type RadioCardsProps } from "./choices.tsx";

const choices = [
  { value: "now", label: "Now" },
  { value: "later", label: "Later" },
] as const;
const drawn = (props: Partial<RadioCardsProps<"now" | "later">>) =>
  renderToStaticMarkup(
    createElement(RadioCards<"now" | "later">, {
      label: "When",
      value: null,
      onChange: () => undefined,
      choices,
      ...props,
    }),
  );
const invalid = /<input[^>]*aria-invalid="true"[^>]*>/g;

test("a choice that is wrong → its error is read with the group, and the radio that Tab leads to is marked", () => {
  const page = drawn({ value: "later", error: "Choose another one." });
  const [, described] = /<fieldset[^>]*aria-describedby="([^"]+)"/.exec(page) ?? [];
  expect(page).toContain(`id="${described}"`);
  expect(page.match(invalid)).toEqual([expect.stringContaining("checked")]);
});

test("nothing was chosen → the first is marked; nothing is wrong → none is", () => {
  expect(drawn({ error: "Choose one." }).match(invalid)).toHaveLength(1);
  expect(drawn({}).match(invalid)).toBeNull();
});
