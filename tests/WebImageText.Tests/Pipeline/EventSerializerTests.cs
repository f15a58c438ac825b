using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using WebImageText.Pipeline.Claims;
using WebImageText.Pipeline.Hosts;
using WebImageText.Pipeline.Ledgers;
using WebImageText.Pipeline.Queries;
using WebImageText.Pipeline.Runs;
using WebImageText.Pipeline.Wire;

namespace WebImageText.Tests.Pipeline;

/// <summary>What stands in journals already must be readable for ever: these texts are never edited.</summary>
public sealed class EventSerializerTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("frozen", "akka.loglevel = OFF");
    private readonly EventSerializer _serializer;

    public EventSerializerTests() => _serializer = new((ExtendedActorSystem)_system);

    public static TheoryData<string, string> Frozen => new()
    {
        {
            "ledger.committed/1",
            """{"Commit":"node-00000001","Token":"t","Pairs":[{"Uid":"000000000000000000000000000000ff","Query":7}],"Reasons":{"http_error":2},"At":"2026-01-02T03:04:05+00:00","Shard":3,"Rejected":0,"Files":{"Shard":"00003","Count":1,"Tar":{"Length":10240,"Sha256":"aa"},"Parquet":{"Length":2048,"Sha256":"bb"},"Stats":{"Length":300,"Sha256":"cc"}}}"""
        },
        { "ledger.published/1", """{"Commit":"node-00000001"}""" },
        {
            "ledger.snapshot/1",
            """{"Commits":[{"Commit":"c","Token":"t","Pairs":1,"Reasons":{},"At":"2026-01-02T03:04:05+00:00","Shard":0}],"Unpublished":["c"],"Counts":{"7":1}}"""
        },
        { "claims.prepared/1", """{"Commit":"c","Uids":"AAAAAAAAAAAAAAAAAAAA/wAAAAAAAAAAAAAAAAAAAQA="}""" },
        { "claims.resolved/1", """{"Commit":"c","Committed":true}""" },
        { "claims.snapshot/1", """{"Settled":"AAAAAAAAAAAAAAAAAAAA/w==","Prepared":[{"Commit":"c","Uids":""}]}""" },
        { "query.advanced/1", """{"Provider":"searxng","Cursor":"2"}""" },
        { "frontier.found/1", """{"Pages":[{"Address":"http://site.test/","Depth":1}]}""" },
        { "frontier.visited/1", """{"Page":"http://site.test/"}""" },
        { "run.queries-done/1", """{"Rows":[1,2]}""" },
        { "run.queries-done/2", """{"Rows":[1,2],"Providers":["openverse","searxng"]}""" },
        { "run.host-opened/1", """{"Host":"site.test"}""" },
        { "run.host-closed/1", """{"Host":"site.test"}""" },
        {
            "copies.confirmed/1",
            """{"Commit":"c","Pictures":[{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":340282366920938463463374607431768211455,"Look":"f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f"}},{"Uid":"00000000000000000000000000000100","Keys":{"Bytes":2,"Pixels":3}}]}"""
        },
        {
            "copies.confirmed/1",
            """{"Commit":"c","Pictures":[{"Uid":"000000000000000000000000000000ff","Keys":{"Bytes":1,"Pixels":2,"Look":"f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f","Descriptor":"VVVVVVVVVVUAPAAA"}}]}"""
        },
        { "run.submitted/1", """{"Words":["--queries","q.tsv"]}""" },
    };

    [Theory]
    [MemberData(nameof(Frozen))]
    public void An_old_event_is_read_and_written_back_as_it_was(string manifest, string json)
    {
        var read = _serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest);

        Assert.Equal(manifest, _serializer.Manifest(read));
        Assert.Equal(json, Encoding.UTF8.GetString(_serializer.ToBinary(read)));
    }

    [Fact]
    public void Every_event_has_a_frozen_form() =>
        Assert.Equal(EventSerializer.Types.Count(), Frozen.DistinctBy(frozen => frozen.Data.Item1).Count());

    [Fact]
    public void An_unknown_event_is_refused_by_name()
    {
        var refusal = Assert.Throws<SerializationException>(() => _serializer.FromBinary("{}"u8.ToArray(), "System.Object"));

        Assert.Contains("System.Object", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ledger.committed/1", "{}")]
    [InlineData("claims.prepared/1", """{"Commit":"c","Uids":"AAAA"}""")]
    [InlineData("run.host-opened/1", """{"Host":"a","More":1}""")]
    [InlineData("frontier.found/1", """{"Pages":[{"Address":"no address","Depth":1}]}""")]
    [InlineData("query.advanced/1", "not json")]
    public void A_damaged_event_is_refused(string manifest, string json) =>
        Assert.Throws<SerializationException>(() => _serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest));

    public void Dispose() => _system.Dispose();
}
