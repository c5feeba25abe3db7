import { save } from "../../server/download.ts";
import { Button } from "../../ui/button.tsx";
import { FileField } from "../../ui/file-field.tsx";
import { KeyValueList } from "../../ui/key-value-list.tsx";
import { MarginBlock } from "../../ui/states.tsx";
import type { ImportsWorkspace } from "./documents.ts";
import { csvExample, mediaTypes, ndjsonExample } from "./example.ts";
import { words } from "./text.ts";

const { file: say, format } = words;
const COLUMNS = format.columns.map(([label, value]) => ({ label, value }));

/** The file, and what stands in it. */
export function FileBlock({
  apis,
  error,
  disabled,
  onChoose,
}: {
  apis: ImportsWorkspace["resources"];
  error: string | undefined;
  disabled: boolean;
  onChoose: (file: File | null) => void;
}) {
  const [api] = apis?.nodes ?? [];
  const saveExample = (text: string, name: string, type: string) => save(new Blob([text], { type }), name);
  return (
    <>
      <MarginBlock title={say.title} help={say.help}>
        <FileField label={say.label} accept={say.accept} error={error} disabled={disabled} onChoose={onChoose} />
      </MarginBlock>
      <MarginBlock
        title={format.title}
        help={format.help}
        action={
          <>
            <p>{format.example}</p>
            <div className="actions">
              <Button size="compact" onPress={() => saveExample(csvExample(api), "clients.csv", mediaTypes.CSV)}>
                {format.csv}
              </Button>
              <Button
                size="compact"
                onPress={() => saveExample(ndjsonExample(api), "clients.ndjson", mediaTypes.NDJSON)}
              >
                {format.ndjson}
              </Button>
            </div>
          </>
        }
      >
        <div className="import-columns">
          <KeyValueList items={COLUMNS} />
        </div>
      </MarginBlock>
    </>
  );
}
