const onMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** `⌘K` as this keyboard calls it. */
export const keyName = (keys: string): string =>
  onMac ? keys : keys.replace("⌘", "Ctrl ").replace("⇧", "Shift ").replace("⌥", "Alt ");

/** A key cap. Its words are for the eyes: the button or the shortcut list names the key for everyone. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className="kbd" aria-hidden="true">
      {keyName(keys)}
    </span>
  );
}
