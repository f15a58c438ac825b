using WebImageText.Shards.Stores.Blobs;

namespace WebImageText.Tests.Shards.Stores;

public class AzureBlobsTests
{
    [Theory]
    [InlineData("az://photos/some/prefix/", "az://photos/some/prefix")]
    [InlineData("az://photos", "az://photos")]
    public void Container_and_prefix_are_in_the_location(string given, string location) =>
        Assert.Equal(location, AzureBlobs.Open(given, Variables(("AZURE_STORAGE_CONNECTION_STRING", Azurite.Connection(1)))).Location);

    [Fact]
    public void An_account_is_found_by_connection_string_signature_key_or_login()
    {
        const string Key = "bm8ga2V5";
        foreach (var credentials in new[]
                 {
                     Variables(("AZURE_STORAGE_CONNECTION_STRING", Azurite.Connection(1))),
                     Variables(("AZURE_STORAGE_ACCOUNT", "photos"), ("AZURE_STORAGE_SAS_TOKEN", "?sv=2024&sig=x")),
                     Variables(("AZURE_STORAGE_ACCOUNT", "photos"), ("AZURE_STORAGE_KEY", Key)),
                     Variables(("AZURE_STORAGE_ACCOUNT", "https://photos.blob.core.usgovcloudapi.net")),
                 })
            Assert.Equal("az://c", AzureBlobs.Open("az://c", credentials).Location);
    }

    [Theory]
    [InlineData("az://")]
    [InlineData("az:/container")]
    [InlineData("az://container/../other")]
    [InlineData("az://container/.hidden")]
    public void A_location_of_another_form_is_refused(string location) =>
        Assert.ThrowsAny<ArgumentException>(() => AzureBlobs.Open(location, Variables(("AZURE_STORAGE_ACCOUNT", "photos"))));

    [Fact]
    public void Without_an_account_it_says_what_to_set()
    {
        var missing = Assert.ThrowsAny<ArgumentException>(() => AzureBlobs.Open("az://photos", Variables()));

        Assert.Contains("AZURE_STORAGE_CONNECTION_STRING", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_secret_stands_in_the_location() => Assert.DoesNotContain(
        "sig", AzureBlobs.Open("az://c", Variables(("AZURE_STORAGE_ACCOUNT", "a"), ("AZURE_STORAGE_SAS_TOKEN", "sig=secret"))).Location, StringComparison.Ordinal);

    private static Func<string, string?> Variables(params (string Name, string Value)[] set) =>
        name => set.FirstOrDefault(variable => variable.Name == name).Value;
}
