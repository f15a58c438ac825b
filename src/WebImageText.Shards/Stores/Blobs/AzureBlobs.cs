using Azure;
using Azure.Core;
using Azure.Identity;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace WebImageText.Shards.Stores.Blobs;

/// <summary>Opens <c>az://container/prefix</c> with the credentials that the environment gives.</summary>
public static class AzureBlobs
{
    /// <summary>
    /// Opens a container's prefix. The account is found by the first of these variables that is set:
    /// <c>AZURE_STORAGE_CONNECTION_STRING</c>; or <c>AZURE_STORAGE_ACCOUNT</c> (a name, or the address of its blob service) with
    /// <c>AZURE_STORAGE_SAS_TOKEN</c>, with <c>AZURE_STORAGE_KEY</c>, or with none of both: then by Azure.Identity's default chain
    /// (environment, workload or managed identity, Azure CLI, ...). These are the names that Azure's own tools use.
    /// </summary>
    /// <param name="location"><c>az://container</c> or <c>az://container/prefix</c>.</param>
    /// <param name="variable">Reads a variable; null reads the environment's.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="ArgumentException">The location is of another form, or no account is named.</exception>
    public static AzureBlobStore Open(string location, Func<string, string?>? variable = null, AzureBlobOptions? options = null)
    {
        const string Scheme = "az://";
        variable ??= Environment.GetEnvironmentVariable;
        options ??= new();
        var path = location.StartsWith(Scheme, StringComparison.Ordinal) ? location[Scheme.Length..].TrimEnd('/') : "";
        if (path.Length == 0)
            throw new ArgumentException($"'{location}' is no place in Azure Blob: give az://container/prefix.", nameof(location));
        var slash = path.IndexOf('/');
        var (container, prefix) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        return new(Account(location, variable, Client(options)).GetBlobContainerClient(container), prefix, options);
    }

    private static BlobServiceClient Account(string location, Func<string, string?> variable, BlobClientOptions client)
    {
        if (variable("AZURE_STORAGE_CONNECTION_STRING") is { Length: > 0 } connection)
            return new(connection, client);
        if (variable("AZURE_STORAGE_ACCOUNT") is not { Length: > 0 } account)
            throw new ArgumentException(
                $"'{location}' does not say whose account it is in: set AZURE_STORAGE_CONNECTION_STRING, or AZURE_STORAGE_ACCOUNT with " +
                "AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_KEY or a login of Azure CLI.", nameof(location));
        var service = account.Contains("://", StringComparison.Ordinal) ? new Uri(account) : new Uri($"https://{account}.blob.core.windows.net");
        if (variable("AZURE_STORAGE_SAS_TOKEN") is { Length: > 0 } sas)
            return new(service, new AzureSasCredential(sas.TrimStart('?')), client);
        return variable("AZURE_STORAGE_KEY") is { Length: > 0 } key
            ? new(service, new StorageSharedKeyCredential(service.Host.Split('.')[0], key), client)
            : new(service, new DefaultAzureCredential(), client);
    }

    private static BlobClientOptions Client(AzureBlobOptions options)
    {
        var client = new BlobClientOptions();
        client.Retry.Mode = RetryMode.Exponential;
        client.Retry.MaxRetries = options.Retries;
        client.Retry.Delay = options.RetryDelay;
        client.Retry.MaxDelay = options.LongestRetryDelay;
        client.Retry.NetworkTimeout = options.NetworkTimeout;
        return client;
    }
}
