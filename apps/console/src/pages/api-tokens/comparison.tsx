import { comparison } from "./text.ts";

/** "Which credential do I need?", folded away beside the choice. */
export function Comparison() {
  const [, ...kinds] = comparison.columns;
  return (
    <details className="comparison">
      <summary>{comparison.title}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it */}
      <section className="comparison-table" tabIndex={0} aria-label={comparison.title}>
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
      </section>
    </details>
  );
}
