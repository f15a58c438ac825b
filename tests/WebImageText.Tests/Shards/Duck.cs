using DuckDB.NET.Data;

namespace WebImageText.Tests.Shards;

/// <summary>Asks DuckDB about parquet files.</summary>
internal static class Duck
{
    /// <summary>The rows of a query's result, DBNull as null; <c>$name</c> in the query is the named text.</summary>
    public static List<object?[]> Ask(string query, params (string Name, string Text)[] texts)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = query;
        foreach (var (name, text) in texts)
            command.Parameters.Add(new DuckDBParameter(name, text));
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(at => reader.IsDBNull(at) ? null : reader.GetValue(at))]);
        return rows;
    }
}
