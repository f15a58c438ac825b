using WebImageText.Crawl.Fetch;
using WebImageText.Pipeline.Jobs;

namespace WebImageText.Pipeline.Hosts;

/// <summary>Something that is wanted of a host, on its way from the queue to whoever waits for it.</summary>
/// <param name="at">Where it is.</param>
/// <param name="what">A <see cref="Work"/>, a <see cref="Visit"/>, a <see cref="HostEntity.FetchData"/> or a <see cref="HostEntity.JudgePage"/>.</param>
internal sealed class HostItem(WebAddress at, object what)
{
    public WebAddress At => at;

    public object What => what;

    public FetchRequest Request => what is HostEntity.FetchData data ? data.Request : new(at, what is Work ? FetchKind.Image : FetchKind.Page);

    /// <summary>The pair that it is for, if it is for one.</summary>
    public Work? Work => what as Work ?? (what as HostEntity.JudgePage)?.Work;

    /// <summary>Nothing is to be fetched there: it is a page of which only the site's files are to be read.</summary>
    public bool IsPageOfPair => what is HostEntity.JudgePage;

    /// <summary>See <see cref="HostEntity.FetchData.IsService"/>.</summary>
    public bool IsService => what is HostEntity.FetchData { IsService: true };

    public int Tries { get; set; }

    public int LocalFaults { get; set; }

    /// <summary>The image, once it is here and waits for a licence that it names.</summary>
    public FetchResult.Answer? Image { get; init; }

    /// <summary>The page, once it is here and waits for what its site says about its images.</summary>
    public ReadPage? Page { get; init; }

    /// <summary>It is here; nothing of it is asked for any more.</summary>
    public bool IsFetched => Image is not null || Page is not null;

    /// <summary>It matters what the site says about the use of images.</summary>
    public bool HasUse => Work is not null || Page is { HasUse: true };

    /// <summary>RSL licences that it names itself.</summary>
    public IReadOnlyList<WebAddress> Licenses { get; init; } = [];

    /// <summary>What is asked for twice has the same.</summary>
    public string Key => what switch
    {
        Work work => work.Uid.ToString(),
        Visit visit => visit.Page.Canonical,
        HostEntity.FetchData data => data.Id,
        HostEntity.JudgePage page => $"page {page.Work.Uid}",
        _ => throw new InvalidOperationException($"Nobody asks for a {what.GetType().Name}."),
    };

    /// <summary>The page that it was, read.</summary>
    public HostItem With(ReadPage page) => new(at, what) { Page = page, Licenses = page.HasUse ? page.Licenses : [] };

    /// <summary>The image that it was, with the licences that its answer names.</summary>
    public HostItem With(FetchResult.Answer image, IReadOnlyList<WebAddress> licenses) => new(at, what) { Image = image, Licenses = licenses };
}
