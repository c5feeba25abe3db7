import { Button } from "../../ui/button.tsx";
import { words } from "./text.ts";

/** The same data as a table, and back; stands at the foot of a chart. */
export function TableSwitch({ isTable, onChange }: { isTable: boolean; onChange: (isTable: boolean) => void }) {
  return (
    <span className="table-switch">
      <Button size="compact" variant="quiet" onPress={() => onChange(!isTable)}>
        {isTable ? words.table.chart : words.table.table}
      </Button>
    </span>
  );
}
