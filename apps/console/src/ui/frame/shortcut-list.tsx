import { usePreferences } from "../../preferences.ts";
import { text } from "../../text.ts";
import { keyName } from "../kbd.tsx";
import { Sheet } from "../sheet.tsx";
import { Banner } from "../states.tsx";
import type { NavGroup } from "./types.ts";

function Keys({ title, keys }: { title: string; keys: readonly (readonly [string, string])[] }) {
  return (
    <>
      <h3>{title}</h3>
      <dl className="kv">
        {keys.map(([key, words]) => (
          <div key={key}>
            <dt>
              <kbd className="kbd">{keyName(key)}</kbd>
            </dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

/** Every key of the console, behind `?`. */
export function ShortcutList({ open, onClose, nav }: { open: boolean; onClose: () => void; nav: readonly NavGroup[] }) {
  const { singleKeys } = usePreferences();
  const words = text.shortcuts;
  const pages = nav
    .flatMap((group) => group.items)
    .flatMap((item) => (item.key ? [[item.key, item.label] as const] : []));
  return (
    <Sheet open={open} title={words.title} onClose={onClose} width="peek">
      {singleKeys === "off" && <Banner tone="info">{words.off}</Banner>}
      <Keys
        title={words.groups.anywhere}
        keys={[
          ["⌘K", words.palette],
          ["⌘⇧O", words.switchWorkspace],
          ["/", words.search],
          ["C", words.create],
          ...pages.map(([key, label]) => [`G ${key.toUpperCase()}`, words.goTo(label)] as const),
          ["?", words.help],
        ]}
      />
      <Keys
        title={words.groups.lists}
        keys={[
          ["J K", words.move],
          ["Space", words.peek],
          ["Enter", words.open],
          ["Esc", words.back],
        ]}
      />
      <Keys
        title={words.groups.overview}
        keys={[
          ["1", words.hour],
          ["2", words.day],
          ["P", words.pause],
        ]}
      />
    </Sheet>
  );
}
