using System.Collections.ObjectModel;
using Parquet.Schema;

namespace WebImageText.Shards.Rows;

/// <summary>The columns of a kind of file, in their order, and the one schema that they belong to.</summary>
/// <remarks>
/// A schema that is made writes anew into its fields how deep they lie, and writers read it there: to make a second one of the
/// same fields spoils the files that other threads write by the first.
/// </remarks>
internal sealed class ParquetColumns<TRow>(IList<Column<TRow>> columns) : ReadOnlyCollection<Column<TRow>>(columns)
{
    public ParquetSchema Schema { get; } = new(columns.Select(column => column.Field));
}
