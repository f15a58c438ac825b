using System.CommandLine;
using WebImageText.Cli.Evaluate;
using WebImageText.Cli.Terminal;
using WebImageText.Cli.Tokenizer;
using WebImageText.Learn.Clip.Files;

namespace WebImageText.Cli.Export;

/// <summary><c>wit export</c>: a model in the form of another program, from any form that this one reads.</summary>
internal static class ExportVerb
{
    public static Command Create()
    {
        var source = new Argument<string>("model")
        {
            Description = "Folder with open_clip_config.json or config.json, a checkpoint of 'wit train', or an OpenAI archive (.pt)",
        };
        var form = new Option<string>("--format") { Description = "open_clip or hf", HelpName = "NAME", Required = true };
        form.AcceptOnlyFromAmong("open_clip", "hf");
        var folder = new Option<string>("--out") { Description = "Folder to write", HelpName = "DIR", Required = true };
        var vocabulary = VocabularyOption.Create();
        var verb = new Command("export", "Write a model as open_clip or Hugging Face's CLIPModel read it") { source, form, folder, vocabulary };
        verb.SetAction((parsed, _) => ModelOptions.Guarded(() =>
        {
            ModelOptions.RequireTorch();
            var loaded = ClipFolder.Load(parsed.GetRequiredValue(source));
            using var model = loaded.Model;
            var path = parsed.GetRequiredValue(folder);
            var tokenizer = VocabularyOption.Load(parsed.GetValue(vocabulary)) ?? loaded.Tokenizer;
            ClipFolder.Save(path, model, parsed.GetValue(form) == "hf" ? ModelForm.HuggingFace : ModelForm.OpenClip, tokenizer, loaded.Preprocessing);
            if (tokenizer is null)
                Screen.Note("no vocabulary was written: give CLIP's with --vocab clip if the model was trained with it");
            if (parsed.GetValue(CommonOptions.Json))
                Screen.Result(new { Folder = path, Format = parsed.GetValue(form), model.Configuration.QuickGelu, Vocabulary = tokenizer?.VocabularySize });
            else
                Console.Out.WriteLine($"{path}: {parsed.GetValue(form)}, {(model.Configuration.QuickGelu ? "QuickGELU" : "GELU")}");
            return Task.FromResult(ExitCode.Done);
        }));
        return verb;
    }
}
