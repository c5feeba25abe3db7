import { comparison } from "./text.ts";

/** "Which credential do I need?", folded away beside the choice. */
export function Comparison() {
  const [, ...kinds] = comparison.columns;
  return (
    <details className="comparison">
      <summary>{comparison.title}</summary>
      <div className="comparison-table">
        <table>
          <thead>
            <tr>
              <td />
              {kinds.map((kind) => (
                <th key={kind} scope="col">
                  {kind}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {comparison.rows.map(([about, ...said]) => (
              <tr key={about}>
                <th scope="row">{about}</th>
                {said.map((one, at) => (
                  <td key={kinds[at]}>{one}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
