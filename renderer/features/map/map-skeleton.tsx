/** The shape of what comes. */
export function MapSkeleton() {
  return (
    <div className="map-skeleton" aria-hidden="true">
      {[0, 1, 2, 3].map((column) => (
        <div key={column}>
          {Array.from({ length: 2 + ((column * 2) % 3) }, (_, row) => (
            <span key={row} className="skeleton" />
          ))}
        </div>
      ))}
    </div>
  );
}
